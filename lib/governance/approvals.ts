import { SLOTS, type Slot, slot } from "./separation-of-duties";

export type DecisionRow = {
  readonly slot: string;
  readonly decision: string;
  readonly userId: string;
  readonly email: string;
  readonly comment: string;
  readonly inputs: unknown;
  readonly inputsDigest: string;
  readonly decidedAt: Date;
};

export type Approval = { readonly slot: Slot; readonly userId: string };

/** The approvals that count: those over exactly these inputs. */
export function approvalsOver(inputsDigest: string, decisions: readonly DecisionRow[]): readonly Approval[] {
  return decisions.flatMap((row) => {
    const named = slot.safeParse(row.slot);
    const counts = named.success && row.decision === "approve" && row.inputsDigest === inputsDigest;
    return counts ? [{ slot: named.data, userId: row.userId }] : [];
  });
}

export type SlotView = {
  readonly slot: Slot;
  /** `stale`: approved, but an input changed since. */
  readonly state: "approved" | "rejected" | "stale" | "waiting";
  readonly by: string | null;
  readonly at: string | null;
};

/** What each slot shows: its latest decision, as it stands against the current inputs. */
export function slotsOf(inputsDigest: string, decisions: readonly DecisionRow[]): readonly SlotView[] {
  return SLOTS.map((name) => {
    const latest = decisions
      .filter((row) => row.slot === name)
      .sort(byTime)
      .at(-1);
    if (!latest) return { slot: name, state: "waiting", by: null, at: null };
    const fresh = latest.inputsDigest === inputsDigest;
    const state = latest.decision === "reject" ? "rejected" : fresh ? "approved" : "stale";
    return { slot: name, state, by: latest.email, at: latest.decidedAt.toISOString() };
  });
}

const byTime = (a: DecisionRow, b: DecisionRow) => a.decidedAt.getTime() - b.decidedAt.getTime();
