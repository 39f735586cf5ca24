import { readRollout } from "@/app/(portal)/endpoints/[name]/read-rollout";
import { RolloutView } from "@/components/deployments/rollout-view";
import { Refusal } from "@/components/shell/refusal";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";

export default async function RolloutPage({ params }: PageProps<"/endpoints/[name]/rollout">) {
  const { name } = await params;
  const result = await readRollout(name);
  if (!result.ok) return <Refusal failure={result.error} />;
  const principal = await requirePrincipal();
  return (
    <RolloutView
      initial={result.data}
      reason={permissionReason(principal, "rollout:hold")}
      allReason={permissionReason(principal, "rollout:pause_all")}
    />
  );
}
