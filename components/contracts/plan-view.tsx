import { CopyMenu } from "@/components/ui/copy-menu";
import { Diff, type DiffLine } from "@/components/ui/diff";
import { EmptyState } from "@/components/ui/empty-state";
import { Stack } from "@/components/ui/layout";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { ContractPlan } from "@/lib/governance/contract-view";
import { failureModeOf } from "@/lib/serving/spec-failure";
import { ContractFailure } from "./contract-failure";
import { partName } from "./part-name";

/** What a version compiles to, and what that changes: nobody signs without seeing it. */
export function PlanView({ slug, plan }: { readonly slug: string; readonly plan: ContractPlan }) {
  const { spec, problems, against } = plan;
  const failureMode = failureModeOf(spec);
  return (
    <Stack>
      {spec.cannot.map(({ clause, reason, fix }) => (
        <Notice key={`${clause} ${reason}`} tone="breach" title={`${partName(clause)} cannot be signed: ${reason}`}>
          To fix it, {fix}.
        </Notice>
      ))}
      {problems.length > 0 && (
        <Notice tone="risk" title="It cannot be submitted yet">
          <ul className="list-disc pl-5">
            {problems.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                <span className="num">{path}</span>: {message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {against && <Difference plan={plan} against={against.number} />}
      {failureMode && <ContractFailure failureMode={failureMode} />}
      <Panel
        title={`Compiled specification of v${plan.number}`}
        aside={
          <span className="flex items-center gap-3">
            target {plan.target} · {spec.leaves.length} lines
            <CopyMenu
              entries={[
                { label: "JSON", text: JSON.stringify(spec, null, 2) },
                { label: "CLI", text: `npx proviso contract plan ${slug} ${plan.number}` },
              ]}
            />
          </span>
        }
      >
        <Table label="Compiled specification" minWidth={620}>
          <Thead>
            <Th>Line</Th>
            <Th>Value</Th>
            <Th>Because of</Th>
          </Thead>
          <Tbody>
            {spec.leaves.map(({ path, value, clause }) => (
              <Tr key={`${path} ${clause}`}>
                <Td className="num py-1 wrap-anywhere">{path}</Td>
                <Td className="num max-w-96 py-1 wrap-anywhere">{textOf(value)}</Td>
                <Td className="py-1 whitespace-nowrap text-muted">{partName(clause)}</Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      </Panel>
    </Stack>
  );
}

function Difference({ plan, against }: { readonly plan: ContractPlan; readonly against: number }) {
  const { documentDifference, specDifference, number } = plan;
  const aside = `v${number} against v${against}`;
  if (documentDifference.length === 0) {
    return (
      <Panel title="What changes" aside={aside}>
        <EmptyState title={`v${number} promises the same as v${against}`} />
      </Panel>
    );
  }
  const promised = documentDifference.flatMap(({ part, changes }) => linesOf(part, changes));
  const compiled = specDifference.flatMap(({ clause, changes }) => linesOf(clause, changes));
  return (
    <>
      <Panel title="What changes in the contract" aside={aside}>
        <Diff label="Difference of the documents" lines={promised} />
      </Panel>
      <Panel title="What changes where it serves" aside={`${specDifference.length} clauses concerned`}>
        {compiled.length > 0 ? (
          <Diff label="Difference of the specifications" lines={compiled} />
        ) : (
          <EmptyState title="Nothing">
            <Sub>Only words changed: limits, rules and routes stay as they are.</Sub>
          </EmptyState>
        )}
      </Panel>
    </>
  );
}

type Change = { readonly path: string; readonly before?: unknown; readonly after?: unknown };

function linesOf(part: string, changes: readonly Change[]): DiffLine[] {
  const whole = changes.every(({ after }) => after === undefined)
    ? " (removed)"
    : changes.every(({ before }) => before === undefined)
      ? " (new)"
      : "";
  const lines = changes.flatMap(({ path, before, after }): DiffLine[] => [
    ...(before === undefined ? [] : [{ kind: "removed" as const, text: `  ${path} = ${textOf(before)}` }]),
    ...(after === undefined ? [] : [{ kind: "added" as const, text: `  ${path} = ${textOf(after)}` }]),
  ]);
  return [{ kind: "same", text: `${partName(part)}${whole}` }, ...lines];
}

function textOf(value: unknown): string {
  if (value === null) return "none";
  if (Array.isArray(value)) return value.map(textOf).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
