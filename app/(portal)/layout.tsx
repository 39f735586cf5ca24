import type { ReactNode } from "react";
import { Shell } from "@/components/shell/shell";
import { requirePrincipal } from "@/lib/auth/queries";

export default async function PortalLayout({ children }: { children: ReactNode }) {
  return <Shell principal={await requirePrincipal()}>{children}</Shell>;
}
