import { Panel } from "@/components/ui/panel";
import {
  clauseName,
  clauseSentence,
  formatTarget,
  formatValue,
  measurementSentence,
  ownerName,
} from "@/lib/contracts/clause-words";
import type { Clause } from "@/lib/contracts/document";

/** The promises, each in words: what is promised, how it is measured, who answers for it. */
export function ContractClauses({ clauses }: { readonly clauses: readonly Clause[] }) {
  return (
    <Panel title="Clauses" aside={`${clauses.length} ${clauses.length === 1 ? "promise" : "promises"}`}>
      <ol>
        {clauses.map((clause) => (
          <li key={clause.id} id={clause.id} className="border-b px-4 py-2.5 last:border-b-0">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4">
              <h3 className="font-medium">
                {clauseName(clause)} <span className="num font-normal text-muted">{clause.id}</span>
              </h3>
              <p>
                <span className="num text-base font-medium" title={String(clause.target)}>
                  {formatTarget(clause)}
                </span>
                <span className="num ml-3 text-muted" title={String(clause.atRisk)}>
                  at risk {formatValue(clause.metric, clause.atRisk)}
                </span>
              </p>
            </div>
            <p>{clauseSentence(clause)}</p>
            <p className="text-sm text-muted">
              {measurementSentence(clause)} Answers for it: {ownerName(clause.owner)}.
            </p>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
