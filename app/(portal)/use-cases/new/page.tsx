import type { Metadata } from "next";
import { UseCaseForm } from "@/components/contracts/use-case-form";
import { Refusal } from "@/components/shell/refusal";
import { PageHeader } from "@/components/ui/page-header";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { listOwners } from "@/lib/contracts/queries";
import { read } from "@/lib/read";

export const metadata: Metadata = { title: "New use case" };

export default async function NewUseCase() {
  const principal = await requirePrincipal();
  const refusal = permissionReason(principal, "use_case:write");
  if (refusal) return <Refusal failure={{ code: "forbidden", message: `Creating a use case: ${refusal}` }} />;
  const owners = await read(listOwners, {});
  if (!owners.ok) return <Refusal failure={owners.error} />;
  return (
    <>
      <PageHeader crumbs={[{ label: "Use cases", href: "/use-cases" }]} title="New use case" />
      <UseCaseForm owners={owners.data.items} />
    </>
  );
}
