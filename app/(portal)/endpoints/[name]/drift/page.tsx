import { daysOf, period } from "@/components/monitoring/drift-baseline";
import { DecideReference } from "@/components/monitoring/drift-decide";
import { DRIFT_FILTERS, DRIFT_SORTS, oneOf } from "@/components/monitoring/drift-numbers";
import { ProposeReference } from "@/components/monitoring/drift-propose";
import { decideRefusal, proposeRefusal } from "@/components/monitoring/drift-refusals";
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

export default async function DriftPage({ params, searchParams }: PageProps<"/endpoints/[name]/drift">) {
  const principal = await requirePrincipal();
  const { name } = await params;
  const { show, sort } = await searchParams;
  const [drift, retraining] = await Promise.all([read(getEndpointDrift, { name }), read(listRetraining, { name })]);
  if (!drift.ok) return <Refusal failure={drift.error} />;
  const { troubled, window } = drift.data;
  const whys = await Promise.all(troubled.map(({ id }) => read(getClauseWhy, { name, clause: id })));
  const refusal = permissionReason(principal, "retraining:propose");
  const days = window ? daysOf(window) : { from: "", to: "" };
  const propose = <ProposeReference endpoint={name} window={days} refusal={proposeRefusal(principal, drift.data)} />;
  return (
    <>
      <AutoRefresh everyMs={10_000} />
      <DriftView
        drift={drift.data}
        filter={oneOf(DRIFT_FILTERS, show)}
        sort={oneOf(DRIFT_SORTS, sort)}
        whys={whys.flatMap((why) => {
          if (!why.ok) return [];
          const { clause, learnFrom } = why.data;
          const retrain = learnFrom && { endpoint: name, clause: clause.id, window: learnFrom, refusal };
          const actions = { retrain: retrain && <ProposeRetraining {...retrain} />, accept_reference: propose };
          return [<WhyPanel key={clause.id} why={why.data} actions={actions} />];
        })}
        propose={propose}
        decide={({ id, reason, ...proposal }) => (
          <DecideReference
            endpoint={name}
            {...{ id, reason, period: period(proposal) }}
            refusal={decideRefusal(principal, { id, reason, ...proposal })}
          />
        )}
        retraining={retraining.ok && <ProposalsPanel proposals={retraining.data.items} refusal={refusal} />}
      />
    </>
  );
}
