import { Digest } from "@/components/ui/digest";
import { Panel, PanelBody } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import type { InputChange } from "@/lib/governance/promotion-inputs";
import type { Promotion } from "@/lib/governance/schema";
import { SLOT_WORDS, SlotState } from "./slot-state";

/** What was decided, with the comment; an approval that does not count any more says what changed since. */
export function DecisionsPanel({ decisions }: { readonly decisions: Promotion["decisions"] }) {
  if (decisions.length === 0) return null;
  return (
    <Panel title="Decisions">
      {decisions.map(({ slot, decision, by, comment, at, inputsDigest, stale, changes }) => (
        <PanelBody key={`${by} ${at}`} className="border-b last:border-b-0">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <span className="font-medium wrap-anywhere">
              {by} <span className="font-normal text-muted">as {SLOT_WORDS[slot].toLowerCase()}</span>
            </span>
            <SlotState state={decision === "reject" ? "rejected" : stale ? "stale" : "approved"} />
          </div>
          <p className="mt-1 whitespace-pre-wrap wrap-anywhere">{comment}</p>
          <p className="mt-1 text-xs text-muted">
            <RelativeTime at={at} /> over digest <Digest value={inputsDigest} copy={false} />
          </p>
          {stale && <Changes changes={changes} />}
        </PanelBody>
      ))}
    </Panel>
  );
}

/** From what was approved to what holds now. */
export function Changes({ changes }: { readonly changes: readonly InputChange[] }) {
  return (
    <ul className="mt-2 grid gap-1 rounded-lg bg-risk-soft px-3 py-2 text-xs text-risk" aria-label="What changed since">
      {changes.map(({ path, before, after }) => (
        <li key={path} className="num wrap-anywhere">
          {path}: {show(before)} → {show(after)}
        </li>
      ))}
    </ul>
  );
}

function show(value: InputChange["before"]): string {
  if (value === null) return "none";
  // Digests and ids are told apart by their beginning.
  return String(value).replace(/\b[0-9a-f]{8}[0-9a-f-]{24,56}\b/g, (hex) => `${hex.slice(0, 8)}…`);
}
