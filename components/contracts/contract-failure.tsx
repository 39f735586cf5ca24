import { Panel } from "@/components/ui/panel";
import type { ContractDocument } from "@/lib/contracts/document";
import { failureLines } from "@/lib/contracts/failure-words";

/** What callers get when the model cannot answer, a line for each part. */
export function ContractFailure({ failureMode }: { readonly failureMode: ContractDocument["failureMode"] }) {
  const lines = failureLines(failureMode ? { failureMode } : {});
  return (
    <Panel title="Failure mode" aside={failureMode ? "what callers get" : "not stated: this is what callers get"}>
      <dl>
        {lines.map(({ part, name, words }) => (
          <div
            key={part}
            className="grid gap-x-4 border-b px-4 py-2 last:border-b-0 wide:grid-cols-[15rem_minmax(0,1fr)]"
          >
            <dt className="text-muted">{name}</dt>
            <dd className="wrap-anywhere">{words}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
