import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { IncidentView } from "@/components/alerts/incident-view";
import { Refusal } from "@/components/shell/refusal";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { getAlert } from "@/lib/monitoring/queries/incident";
import { read } from "@/lib/read";

export const metadata: Metadata = { title: "Alert" };

export default async function AlertPage({ params }: PageProps<"/alerts/[id]">) {
  const principal = await requirePrincipal();
  const { id } = await params;
  if (!z.uuid().safeParse(id).success) notFound();
  const alert = await read(getAlert, { id });
  if (!alert.ok) return <Refusal failure={alert.error} />;
  return (
    <IncidentView
      initial={alert.data}
      reasons={{
        acknowledge: permissionReason(principal, "alert:acknowledge"),
        rollback: permissionReason(principal, "endpoint:rollback"),
      }}
    />
  );
}
