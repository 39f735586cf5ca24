/** What is wanted of an endpoint, and how it may change. Every change has a higher generation; a target refuses a lower one. */
export type DesiredRevisions = {
  readonly generation: number;
  readonly servingId: string | null;
  readonly warmId: string | null;
};

/** A revision on its way to serving: the share of the requests it is to answer in per cent, and whether it gets copies of the others. */
export type DesiredCanary = {
  readonly canaryId: string | null;
  readonly canaryPercent: number;
  readonly canaryShadow: boolean;
};

export type DesiredChange = DesiredRevisions & DesiredCanary;

/** Whatever is made to serve serves alone: a change of that ends what was on its way. */
const NO_CANARY: DesiredCanary = { canaryId: null, canaryPercent: 0, canaryShadow: false };

/** Another revision is to answer; the one that answered is kept warm, so that going back takes no load time. */
export function serveInstead(current: DesiredRevisions, revisionId: string): DesiredChange {
  const warmId = current.servingId === revisionId ? current.warmId : current.servingId;
  return { generation: current.generation + 1, servingId: revisionId, warmId, ...NO_CANARY };
}

/** The serving revision was refused by the target: the one before it serves on, and nothing is kept warm. */
export function stepBack(current: DesiredRevisions): DesiredChange {
  return { generation: current.generation + 1, servingId: current.warmId, warmId: null, ...NO_CANARY };
}

/**
 * An earlier revision is to answer again. The one that answered is kept warm, unless the target refused it: to load it again could
 * take the process down.
 */
export function goBack(current: DesiredRevisions, revisionId: string, servingIsRefused: boolean): DesiredChange {
  const { warmId, ...next } = serveInstead(current, revisionId);
  return { ...next, warmId: servingIsRefused ? null : warmId };
}

/**
 * The target went back by itself, under the generation `host.generation`, while nobody could tell the portal: that is wanted now.
 * Where the portal had chosen this generation or a higher one for something else, it goes on from its own, so that neither a stalled
 * worker nor the target takes one for the other.
 */
export function takeOver(
  current: DesiredRevisions,
  host: { readonly generation: number; readonly servingId: string; readonly warmId: string | null },
): DesiredChange {
  const { servingId, warmId } = host;
  return { generation: Math.max(host.generation, current.generation + 1), servingId, warmId, ...NO_CANARY };
}

/** The candidate gets another share. What serves stays. */
export function giveShare(
  current: Pick<DesiredRevisions, "generation">,
  canaryId: string,
  { percent, shadow }: { readonly percent: number; readonly shadow: boolean },
): DesiredCanary & { readonly generation: number } {
  return { generation: current.generation + 1, canaryId, canaryPercent: percent, canaryShadow: shadow };
}

/** All requests go to what serves, in one change. */
export function withoutCanary(
  current: Pick<DesiredRevisions, "generation">,
): DesiredCanary & { readonly generation: number } {
  return { generation: current.generation + 1, ...NO_CANARY };
}
