"use client";

import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { ComparedHistogram } from "@/components/charts/compared-histogram";
import { Sparkline } from "@/components/charts/sparkline";
import { cn } from "@/components/ui/cn";
import { Num } from "@/components/ui/num";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import { formatInterval, formatNumber, formatPercent } from "@/lib/format";
import type { DriftColumn } from "@/lib/monitoring/drift-view";
import { type DriftSort, pText } from "./drift-numbers";

type Props = {
  readonly label: string;
  readonly columns: readonly DriftColumn[];
  /** Addresses of the page in other orders; absent: the rows have no order. */
  readonly sort?: { readonly current: DriftSort; readonly hrefs: Readonly<Record<DriftSort, string>> };
  /** "1 Jan 2001 to 1 Mar 2001" of the reference. */
  readonly reference: string;
};

const COLUMNS = 8;

/** Each column beside its reference; a row opens to the two distributions. */
export function DriftTable({ label, columns, sort, reference }: Props) {
  const head = (of: DriftSort) =>
    sort && { sort: { href: sort.hrefs[of], direction: sort.current === of ? ("descending" as const) : null } };
  return (
    <Table label={label} minWidth={940}>
      <Thead>
        <Th {...head("name")}>Column</Th>
        <Th>Changed?</Th>
        <Th numeric {...head("effect")}>
          How much?
        </Th>
        <Th numeric>Limit</Th>
        <Th>By day</Th>
        <Th numeric {...head("weight")}>
          Does it matter?
        </Th>
        <Th numeric>Missing</Th>
        <Th numeric>Unseen · out of range</Th>
      </Thead>
      <Tbody>
        {columns.map((column) => (
          <DriftRow key={column.name} column={column} reference={reference} />
        ))}
      </Tbody>
    </Table>
  );
}

function DriftRow({ column, reference }: { readonly column: DriftColumn; readonly reference: string }) {
  const [open, setOpen] = useState(false);
  const { name, untested, calendar, effect, effectKind, limit, beyond, trend } = column;
  return (
    <>
      <Tr>
        <Td>
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="inline-flex items-center gap-1.5 text-left font-medium hover:underline"
          >
            <ChevronRight aria-hidden className={cn("size-3.5 shrink-0 text-muted", open && "rotate-90")} />
            {name}
          </button>
          {calendar && <Sub>follows the calendar: whole weeks only</Sub>}
        </Td>
        <Td className="whitespace-nowrap">
          <ChangedCell column={column} />
        </Td>
        <Td numeric className={cn(beyond && "font-medium text-breach")}>
          <Num value={effect?.value ?? null} />
          {effect && (
            <small className="block text-xs text-muted">{`${effectKind} ${formatInterval(effect.low, effect.high)}`}</small>
          )}
        </Td>
        <Td numeric>
          <Num value={limit} />
        </Td>
        <Td>
          <Sparkline label={trendLabel(column)} values={trend.map((point) => point.effect)} signed={limit} />
        </Td>
        <Td numeric>
          <MattersCell column={column} />
        </Td>
        <Td numeric>
          <ShareCell value={column.missing} />
          {column.missingReference !== null && column.missingReference > 0 && (
            <Sub>{`${formatPercent(column.missingReference)} then`}</Sub>
          )}
        </Td>
        <Td numeric>
          <ShareCell value={column.unseen} /> · <ShareCell value={column.outOfRange} />
          {column.typeChanged !== null && column.typeChanged > 0 && (
            <Sub>{`${formatPercent(column.typeChanged)} of another type`}</Sub>
          )}
        </Td>
      </Tr>
      {open && (
        <tr>
          <td colSpan={COLUMNS} className="border-b bg-bg px-4 py-3">
            {column.histogram.length > 0 ? (
              <ComparedHistogram
                label={`${name}, reference and window`}
                bars={column.histogram}
                referenceName={`reference, ${reference}`}
                windowName="this window"
              />
            ) : (
              <p className="text-muted">{untested ?? "No row of the window was counted."}</p>
            )}
          </td>
        </tr>
      )}
    </>
  );
}

function ChangedCell({ column: { changed, corrected, untested, beyond } }: { readonly column: DriftColumn }) {
  if (changed === null) return <Sub>{untested}</Sub>;
  return (
    <>
      {beyond ? <strong className="font-medium text-breach">beyond its limit</strong> : changed ? "changed" : "no"}
      <Sub>{pText(corrected)}</Sub>
    </>
  );
}

function MattersCell({ column: { importance, weight } }: { readonly column: DriftColumn }) {
  if (importance === null) return <span className="text-muted">not known</span>;
  return (
    <>
      <Num value={weight === null ? null : 1000 * weight} unit="mnat" />
      <Sub>{`importance ${formatNumber(1000 * importance)}`}</Sub>
    </>
  );
}

function ShareCell({ value }: { readonly value: number | null }) {
  return <Num value={value} unit="ratio" />;
}

function trendLabel({ name, trend, limit, effectKind }: DriftColumn): string {
  const known = trend.flatMap(({ effect }) => effect ?? []);
  const last = known.at(-1);
  const beyond = limit === null ? 0 : known.filter((effect) => effect > limit).length;
  const words =
    last === undefined ? "no value" : `last ${formatNumber(last)}, ${beyond} of ${known.length} days beyond its limit`;
  return `${effectKind} of ${name} by day, ${words}`;
}
