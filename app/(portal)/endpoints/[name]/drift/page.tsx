import { DRIFT_FILTERS, DRIFT_SORTS, oneOf } from "@/components/monitoring/drift-numbers";
import { DriftView } from "@/components/monitoring/drift-view";
import { WhyPanel } from "@/components/monitoring/drift-why";
import { ProposalsPanel } from "@/components/retraining/proposals-panel";
import { ProposeRetraining } from "@/components/retraining/propose-retraining";
import { Refusal } from "@/components/shell/refusal";
import { AutoRefresh } from "@/components/ui/auto-refresh";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { getEndpointDrift } from "@/lib/monitoring/queries/drift";
import { getClauseWhy } from "@/lib/monitoring/queries/why";
import { read } from "@/lib/read";
import { listRetraining } from "@/lib/retraining/queries";

const REFRESH_MS = 10_000;

export default async function DriftPage({ params, searchParams }: PageProps<"/endpoints/[name]/drift">) {
  const principal = await requirePrincipal();
  const { name } = await params;
  const { show, sort } = await searchParams;
  const [drift, retraining] = await Promise.all([read(getEndpointDrift, { name }), read(listRetraining, { name })]);
  if (!drift.ok) return <Refusal failure={drift.error} />;
  const whys = await Promise.all(drift.data.troubled.map(({ id }) => read(getClauseWhy, { name, clause: id })));
  const refusal = permissionReason(principal, "retraining:propose");
  return (
    <>
      <AutoRefresh everyMs={REFRESH_MS} />
      <DriftView
        drift={drift.data}
        filter={oneOf(DRIFT_FILTERS, show)}
        sort={oneOf(DRIFT_SORTS, sort)}
        whys={whys.flatMap((why) => {
          if (!why.ok) return [];
          const { clause, learnFrom } = why.data;
          const action = (kind: string) =>
            kind === "retrain" &&
            learnFrom && <ProposeRetraining endpoint={name} clause={clause.id} window={learnFrom} refusal={refusal} />;
          return [<WhyPanel key={clause.id} why={why.data} action={action} />];
        })}
        propose={null}
        decide={() => null}
        retraining={retraining.ok && <ProposalsPanel proposals={retraining.data.items} refusal={refusal} />}
      />
    </>
  );
}
