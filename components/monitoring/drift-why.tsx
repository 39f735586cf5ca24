import { CircleCheck, Minus } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { ClauseState } from "@/components/ui/clause-state";
import { Halves } from "@/components/ui/layout";
import { Panel, PanelBody, PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import { formatTarget, formatValue } from "@/lib/contracts/clause-words";
import { METRIC_RULES } from "@/lib/contracts/metric-rules";
import { formatCount, formatDate, formatInterval, formatNumber, formatPercent } from "@/lib/format";
import type { ClauseWhy } from "@/lib/monitoring/drift-view";

type Props = {
  readonly why: ClauseWhy;
  /** What can be done right here about a step: a dialog. */
  readonly actions: Partial<Record<ClauseWhy["steps"][number]["kind"], ReactNode>>;
};

/** Why a clause is not met: what contributes, what was changed then, and what can be done, the most easily undone first. */
export function WhyPanel({ why, actions }: Props) {
  const { clause, features, slices, changes, steps, missing } = why;
  const { direction } = METRIC_RULES[clause.metric];
  const window =
    clause.windowFrom && clause.windowTo
      ? `${formatDate(Date.parse(clause.windowFrom))} to ${formatDate(Date.parse(clause.windowTo) - 1)}, event time`
      : "no window yet";
  return (
    <Panel
      id={`why-${clause.id}`}
      title={
        <span className="inline-flex flex-wrap items-center gap-2">
          Why: {clause.name} <ClauseState state={clause.state} title={clause.reason} />
        </span>
      }
      aside={window}
    >
      <PanelBody className="border-b text-sm">
        {clause.value !== null && (
          <>
            <span className="num">{formatValue(clause.metric, clause.value)}</span>, signed{" "}
            <span className="num">{formatTarget({ metric: clause.metric, direction, target: clause.target })}</span>.{" "}
          </>
        )}
        {clause.reason}. What follows contributes to it; nothing here proves a cause.
        {missing.map((text) => (
          <Sub key={text}>{text}</Sub>
        ))}
      </PanelBody>
      <Halves className="gap-0 aside:divide-x">
        {features.length > 0 && <FeatureList features={features} />}
        <StepList steps={steps} actions={actions} />
      </Halves>
      {slices.length > 0 && <SliceTable slices={slices} name={clause.name} />}
      <div className="border-t px-4 pt-3 pb-1 text-xs font-medium text-muted">Changes at that time</div>
      {changes.length === 0 && <PanelBody>Nothing was changed here in the last 30 days.</PanelBody>}
      {changes.map(({ at, label, within }) => (
        <PanelRow
          key={`${at} ${label}`}
          sub={within ? "while these rows came in" : "before these rows, or without effect on what serves"}
          value={<RelativeTime at={at} />}
        >
          {label}
        </PanelRow>
      ))}
    </Panel>
  );
}

function FeatureList({ features }: Pick<ClauseWhy, "features">) {
  return (
    <div className="min-w-0 py-3">
      <h3 className="px-4 pb-1 text-xs font-medium text-muted">
        Features by {features.some(({ share }) => share !== null) ? "importance × effect" : "effect"}
      </h3>
      <ol>
        {features.map(({ feature, effect, limit, beyond, importance, share }) => (
          <li key={feature} className="px-4 py-1.5">
            <div className="flex flex-wrap justify-between gap-x-3">
              <span className="wrap-anywhere">
                {feature}
                {beyond && <span className="text-sm text-breach"> beyond its limit</span>}
              </span>
              <span className="num">{share === null ? "" : formatPercent(share)}</span>
            </div>
            {share !== null && (
              <div className="h-1 rounded-full bg-unproven-soft" aria-hidden>
                <div className="h-1 rounded-full bg-chart-1" style={{ width: `${100 * share}%` }} />
              </div>
            )}
            <Sub>
              effect {formatNumber(effect ?? Number.NaN)} of {formatNumber(limit ?? Number.NaN)}, importance{" "}
              {importance === null ? "not known" : `${formatNumber(1000 * importance)} mnat`}
            </Sub>
          </li>
        ))}
      </ol>
    </div>
  );
}

function StepList({ steps, actions }: Pick<ClauseWhy, "steps"> & Pick<Props, "actions">) {
  return (
    <div className="min-w-0 border-t py-3 aside:border-t-0">
      <h3 className="px-4 pb-1 text-xs font-medium text-muted">What to do next, the most easily undone first</h3>
      <ol>
        {steps.map(({ kind, title, text, advised }) => (
          <li key={kind} className="flex items-start gap-2 px-4 py-1.5">
            {advised ? (
              <CircleCheck aria-hidden className="mt-0.75 size-3.5 shrink-0 text-met" />
            ) : (
              <Minus aria-hidden className="mt-0.75 size-3.5 shrink-0 text-muted" />
            )}
            <div className="min-w-0 flex-1">
              <p className={advised ? "font-medium" : "text-muted"}>
                {title}
                {!advised && <span className="text-sm"> (not advised now)</span>}
              </p>
              <p className="text-sm text-muted">{text}</p>
              {actions[kind]}
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

function SliceTable({ slices, name }: Pick<ClauseWhy, "slices"> & { readonly name: string }) {
  const by = slices[0]?.by ?? "gap";
  return (
    <div className="border-t">
      <h3 className="px-4 pt-3 pb-1 text-xs font-medium text-muted">
        Parts that contribute most{by === "brier" ? ", by squared error beyond that of all rows" : ""}
      </h3>
      <Table label={`Parts that contribute to ${name}`} minWidth={640} className="mb-1">
        <Thead>
          <Th>Part</Th>
          <Th numeric>Labelled rows</Th>
          <Th numeric>Said</Th>
          <Th numeric>Happened</Th>
          <Th numeric>Gap</Th>
          <Th numeric>Adds</Th>
        </Thead>
        <Tbody>
          {slices.map((slice) => (
            <Tr key={`${slice.feature} ${slice.part}`}>
              <Td>
                {slice.feature} {slice.part}
              </Td>
              <Td numeric>
                {formatCount(slice.n)}
                <Sub>{formatPercent(slice.share)}</Sub>
              </Td>
              <Td numeric>{formatNumber(slice.expected)}</Td>
              <Td numeric>{formatNumber(slice.observed)}</Td>
              <Td numeric>
                {formatNumber(slice.gap)}
                <Sub>{formatInterval(slice.low, slice.high)}</Sub>
              </Td>
              <Td numeric>{formatNumber(slice.contribution)}</Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </div>
  );
}

/** Links to the reasons below, at the top of the page. */
export function TroubledLinks({ clauses }: { readonly clauses: readonly { id: string; name: string }[] }) {
  return clauses.map(({ id, name }, index) => (
    <span key={id}>
      {index > 0 && ", "}
      <Link href={`#why-${id}`} className="link">
        {name}
      </Link>
    </span>
  ));
}
