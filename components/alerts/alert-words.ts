import type { ClauseStateName } from "@/components/ui/clause-state";
import type { AlertDetail, AlertSummary } from "@/lib/monitoring/alert-view";

/** How things about alerts are called wherever they are shown. */
type Look = { readonly state: ClauseStateName; readonly word: string };

/** Firing until somebody has it: then it is under way, not over. */
export function alertLook({ state, acknowledged }: Pick<AlertSummary, "state" | "acknowledged">): Look {
  if (state === "resolved") return { state: "met", word: "Resolved" };
  return acknowledged ? { state: "at_risk", word: "Acknowledged" } : { state: "breached", word: "Firing" };
}

type DeliveryState = AlertDetail["deliveryLog"][number]["state"];

const DELIVERY: Readonly<Record<DeliveryState, Look>> = {
  pending: { state: "at_risk", word: "On its way" },
  delivered: { state: "met", word: "Delivered" },
  failed: { state: "breached", word: "Given up" },
  silenced: { state: "unproven", word: "Silenced" },
};

export const deliveryLook = (state: DeliveryState): Look => DELIVERY[state];

const KINDS: Readonly<Record<AlertSummary["kind"], string>> = {
  clause_breach: "clause breached",
  burn_rate: "error budget burns",
  endpoint_down: "endpoint does not answer",
  foreign: "foreign alert",
};

export const kindWord = (kind: AlertSummary["kind"]): string => KINDS[kind];

export const isForeign = ({ kind }: Pick<AlertSummary, "kind">): boolean => kind === "foreign";

type Counts = AlertSummary["deliveries"];

/** Whether anybody was told: the worst first. */
export function toldLook(counts: Counts): Look & { readonly note: string | null } {
  const notes = (["pending", "failed", "silenced"] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${DELIVERY[state].word.toLowerCase()}`);
  const note = notes.length > 0 ? notes.join(", ") : null;
  if (counts.delivered > 0) return { ...DELIVERY.delivered, word: `${counts.delivered} delivered`, note };
  if (counts.pending > 0) return { ...DELIVERY.pending, note };
  if (counts.failed > 0) return { ...DELIVERY.failed, note };
  if (counts.silenced > 0) return { ...DELIVERY.silenced, note };
  return { state: "unproven", word: "Nobody told", note: null };
}

export type AlertFilterValues = { readonly state: "firing" | "resolved" | "all" } & {
  readonly severity?: "page" | "ticket";
  readonly endpoint?: string;
};

/** What the address of the list says; an unknown word counts as not said. Without one: what fires. */
export function filterOf(
  params: Readonly<Partial<Record<"state" | "severity" | "endpoint", string>>>,
): AlertFilterValues {
  const { state, severity, endpoint } = params;
  return {
    state: state === "resolved" || state === "all" ? state : "firing",
    ...((severity === "page" || severity === "ticket") && { severity }),
    ...(endpoint && { endpoint }),
  };
}

/** The same as input of `alert.list`. What fires has its worst first, what is over its newest. */
export function listInput({ state, ...filter }: AlertFilterValues) {
  const sort = state === "firing" ? ("worst" as const) : ("newest" as const);
  return { ...filter, ...(state !== "all" && { state }), sort };
}
