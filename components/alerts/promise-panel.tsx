import Link from "next/link";
import { ClauseState, type ClauseStateName } from "@/components/ui/clause-state";
import { HowMeasured } from "@/components/ui/how-measured";
import { Panel, PanelBody } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatTarget, formatValue, unitOf } from "@/lib/contracts/clause-words";
import { formatCount, formatDuration, formatInterval, formatUtc } from "@/lib/format";
import type { AlertDetail } from "@/lib/monitoring/alert-view";

type Promised = NonNullable<AlertDetail["promise"]>;
type Props = { readonly alert: AlertDetail; readonly promise: Promised };

const STATES: readonly ClauseStateName[] = ["met", "at_risk", "breached", "unproven"];

/** What was signed beside what is measured now. */
export function PromisePanel({ alert: { useCase }, promise }: Props) {
  const state = STATES.find((each) => each === promise.state) ?? "unproven";
  return (
    <Panel
      title="The promise"
      aside={
        useCase && (
          <Link href={`/use-cases/${useCase}#clause-${promise.clause}`} className="link">
            In the ledger
          </Link>
        )
      }
    >
      <PanelBody className="grid gap-3 wide:grid-cols-[minmax(0,1fr)_auto] wide:gap-6">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-1 font-medium">
            {promise.name}
            <Measured promise={promise} />
            <ClauseState state={state} className="ml-1" />
          </div>
          <p className="mt-1 text-sm">{promise.sentence}</p>
          <p className="mt-1 text-sm text-muted wrap-anywhere">
            {promise.reason} · answers for it: {promise.owner}
          </p>
        </div>
        <Numbers promise={promise} />
      </PanelBody>
    </Panel>
  );
}

function Numbers({ promise }: { readonly promise: Promised }) {
  const { metric, value, low, high } = promise;
  const interval = low === null && high === null ? null : formatInterval(low, high, unitOf(metric));
  return (
    <dl className="grid grid-cols-3 content-start gap-x-6 text-right">
      {[
        { label: "Signed", text: formatTarget(promise), title: `${promise.target} ${promise.unit}`, note: null },
        {
          label: "Now",
          text: value === null ? "—" : formatValue(metric, value),
          title: value === null ? "not measured" : `${value}`,
          note: interval,
        },
        { label: "n", text: formatCount(promise.n), title: `${promise.n}`, note: windowWords(promise) },
      ].map(({ label, text, title, note }) => (
        <div key={label}>
          <dt className="text-xs text-muted">{label}</dt>
          <dd className="num text-lg whitespace-nowrap" title={title}>
            {text}
            {note && <small className="block text-xs text-muted">{note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const windowWords = ({ window: { seconds, clock } }: Promised) =>
  `${formatDuration(seconds * 1000)}${clock === "event" ? ", event time" : ""}`;

function Measured({ promise }: { readonly promise: Promised }) {
  const { howMeasured, evaluatedAt } = promise;
  return (
    <>
      <HowMeasured
        of={promise.name}
        probe={howMeasured.probe}
        window={windowWords(promise)}
        n={formatCount(promise.n)}
        more={[
          ["Method", howMeasured.method],
          ["Source", howMeasured.source],
          ["Query", howMeasured.query],
          ["Evaluated", evaluatedAt ? formatUtc(Date.parse(evaluatedAt)) : "never"],
        ]}
      />
      {evaluatedAt && (
        <span className="text-xs font-normal text-muted">
          <RelativeTime at={evaluatedAt} />
        </span>
      )}
    </>
  );
}
