import type { Metadata } from "next";
import { EndpointHeader } from "@/components/monitoring/endpoint-header";
import { EndpointTabs } from "@/components/monitoring/endpoint-tabs";
import { TargetNotice } from "@/components/monitoring/target-notice";
import { Refusal } from "@/components/shell/refusal";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { readEndpoint } from "./read-endpoint";
import { readExample } from "./read-example";
import { readRollout } from "./read-rollout";

export async function generateMetadata({ params }: LayoutProps<"/endpoints/[name]">): Promise<Metadata> {
  return { title: (await params).name };
}

export default async function EndpointLayout({ params, children }: LayoutProps<"/endpoints/[name]">) {
  const { name } = await params;
  const endpoint = await readEndpoint(name);
  if (!endpoint.ok) return <Refusal failure={endpoint.error} />;
  const [example, rollout] = await Promise.all([readExample(endpoint.data), readRollout(name)]);
  const rollbackReason = permissionReason(await requirePrincipal(), "endpoint:rollback");
  return (
    <>
      <EndpointHeader endpoint={endpoint.data} example={example} rollbackReason={rollbackReason} />
      <TargetNotice endpoint={endpoint.data} />
      <EndpointTabs name={name} hasRollout={rollout.ok && rollout.data.rollout !== null} />
      {children}
    </>
  );
}
