"use client";

import { ErrorView } from "@/components/shell/error-view";

export default function PortalError(props: { error: unknown; retry: () => void }) {
  return <ErrorView {...props} />;
}
