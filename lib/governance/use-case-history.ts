import { z } from "zod";
import { useCaseRef } from "@/lib/contracts/schema";
import { pageInput } from "@/lib/page";

export const useCaseHistoryInput = useCaseRef.extend(pageInput.shape);

/** One step in the life of a use case, in words: what the audit log has in full. */
export const historyEvent = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  actor: z.string(),
  what: z.string(),
  /** The comment or reason that came with it. */
  comment: z.string().nullable(),
  subjectType: z.string(),
  /** A slug, `<slug>/<contract>`, the number of a promotion, an endpoint, `<endpoint>/<clause>`. */
  subject: z.string(),
});
export type HistoryEvent = z.output<typeof historyEvent>;

/** Steps that belong to the history of a use case; `{}` is the subject. What only looks or prepares (tokens, edits of text) does not. */
const WORDS: Readonly<Record<string, string>> = {
  "use_case.create": "Use case created",
  "contract.draft": "Contract {} drafted",
  "contract.submit": "Contract {} submitted for signature",
  "contract.sign": "Contract {} signed",
  "contract.withdraw": "Contract {} withdrawn",
  "endpoint.create": "Endpoint {} created",
  "endpoint.serve": "Endpoint {} told to serve another revision",
  "endpoint.rollback": "Endpoint {} rolled back to an earlier revision",
  "endpoint.step_back": "Endpoint {} went back to the previous revision",
  "rollout.start": "Rollout on endpoint {} began",
  "rollout.advance": "Rollout on endpoint {} went on to its next stage",
  "rollout.complete": "Rollout on endpoint {} was completed",
  "rollout.roll_back": "Rollout on endpoint {} was rolled back",
  "rollout.stop": "Rollout on endpoint {} was stopped",
  "promotion.request": "Promotion {} requested",
  "promotion.approve": "Promotion {} approved",
  "promotion.reject": "Promotion {} rejected",
  "promotion.withdraw": "Promotion {} withdrawn",
  "promotion.inputs_changed": "Inputs of promotion {} changed: approvals are stale",
  "promotion.stale": "Promotion {} back in review: approvals are stale",
  "promotion.activate": "Promotion {} serves",
  "promotion.fail": "Promotion {} failed",
  "promotion.roll_back": "Promotion {} rolled back",
  "clause.breach": "Clause {} breached",
  "clause.recover": "Clause {} recovered",
};

export const HISTORY_ACTIONS: readonly string[] = Object.keys(WORDS);

export type HistoryRow = {
  readonly id: bigint;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subjectType: string | null;
  readonly subject: string | null;
  readonly reason: string | null;
  readonly after: unknown;
};

const details = z.object({ slot: z.string(), comment: z.string(), state: z.string() }).partial();

function wordsOf({ action, subjectType, subject }: HistoryRow): string {
  const [first = "", second = ""] = (subject ?? "").split("/");
  const names: Readonly<Record<string, string>> = { contract: `v${second}`, clause: `${second} on ${first}` };
  return (WORDS[action] ?? action).replace("{}", names[subjectType ?? ""] ?? first);
}

/** An audit event in words. */
export function toHistoryEvent(row: HistoryRow): HistoryEvent {
  const { slot, comment, state } = details.safeParse(row.after).data ?? {};
  const as = slot === undefined ? "" : ` as ${slot}`;
  const last = row.action === "contract.sign" && state === "signed" ? ", the last of three" : "";
  return {
    id: row.id.toString(),
    at: row.at.toISOString(),
    actor: row.actor,
    what: `${wordsOf(row)}${as}${last}`,
    comment: row.reason ?? comment ?? null,
    subjectType: row.subjectType ?? "",
    subject: row.subject ?? "",
  };
}
