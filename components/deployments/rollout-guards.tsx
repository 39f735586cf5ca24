import { ClauseState } from "@/components/ui/clause-state";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { Panel, PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { GuardReading } from "@/lib/deployments/rollout";
import type { RolloutView } from "@/lib/deployments/rollout-schema";
import { formatCount, formatPercent } from "@/lib/format";
import { guardLook, guardNumber, isOpen } from "./rollout-words";

/** What would take the candidate back: each guard with its value, its limit, how far it is from it, and how sure that is. */
export function RolloutGuards({ rollout }: { readonly rollout: RolloutView }) {
  const { guards, seenAt, unguarded } = rollout;
  return (
    <Panel
      title="Guards"
      aside={
        seenAt && (
          <>
            {isOpen(rollout) ? "seen" : "last seen"} <RelativeTime at={seenAt} />
          </>
        )
      }
    >
      {guards.length === 0 ? (
        <EmptyState title="Nothing measured yet">
          The guards have values once the candidate answers requests, or copies of them. Without data no step is passed.
        </EmptyState>
      ) : (
        <Table label="Guards" minWidth={760}>
          <Thead>
            <Th>Guard</Th>
            <Th>State</Th>
            <Th numeric>Value</Th>
            <Th numeric>Limit</Th>
            <Th numeric>Margin</Th>
            <Th numeric>Samples</Th>
            <Th>Evidence against it</Th>
          </Thead>
          <Tbody>
            {guards.map((guard) => (
              <GuardRow key={guard.id} guard={guard} />
            ))}
          </Tbody>
        </Table>
      )}
      {unguarded.map(({ clause, why }) => (
        <PanelRow key={clause} sub={why} value="judged once it serves">
          <span className="num">{clause}</span>
        </PanelRow>
      ))}
    </Panel>
  );
}

function GuardRow({ guard }: { readonly guard: GuardReading }) {
  const { label, kind, words, value, limit, margin, unit, samples, incumbentSamples, evidence } = guard;
  const isBeyond = margin !== null && margin < 0;
  return (
    <Tr>
      <Td className="min-w-56">
        {label}
        <Sub>{words}</Sub>
      </Td>
      <Td>
        <ClauseState {...guardLook(guard)} />
        <Sub>{kind === "clause" ? "clause" : "comparison"}</Sub>
      </Td>
      <Td numeric title={value === null ? undefined : String(value)}>
        {guardNumber(value, unit)}
      </Td>
      <Td numeric title={String(limit)}>
        {guardNumber(limit, unit)}
      </Td>
      <Td numeric className={cn(isBeyond && "text-breach")} title={margin === null ? undefined : String(margin)}>
        {guardNumber(margin, unit)}
      </Td>
      <Td numeric>
        {formatCount(samples)}
        {incumbentSamples !== null && <Sub>beside {formatCount(incumbentSamples)}</Sub>}
      </Td>
      <Td>
        <Evidence share={evidence} />
      </Td>
    </Tr>
  );
}

/** Full: what is left to chance is less than was allowed, and it goes back. */
function Evidence({ share }: { readonly share: number }) {
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden className="h-1.5 w-20 shrink-0 overflow-hidden rounded-full border bg-bg">
        <span
          className={cn("block h-full", share >= 1 ? "bg-breach" : "bg-risk")}
          style={{ width: `${100 * Math.min(1, share)}%` }}
        />
      </span>
      <span className="num text-xs text-muted">{formatPercent(Math.min(1, share))}</span>
    </span>
  );
}
