/** What is wanted of an endpoint, and how it may change. Every change has a higher generation; a target refuses a lower one. */
export type DesiredRevisions = {
  readonly generation: number;
  readonly servingId: string | null;
  readonly warmId: string | null;
};

/** Another revision is to answer; the one that answered is kept warm, so that going back takes no load time. */
export function serveInstead(current: DesiredRevisions, revisionId: string): DesiredRevisions {
  const warmId = current.servingId === revisionId ? current.warmId : current.servingId;
  return { generation: current.generation + 1, servingId: revisionId, warmId };
}

/** The serving revision was refused by the target: the one before it serves on, and nothing is kept warm. */
export function stepBack(current: DesiredRevisions): DesiredRevisions {
  return { generation: current.generation + 1, servingId: current.warmId, warmId: null };
}

/**
 * An earlier revision is to answer again. The one that answered is kept warm, unless the target refused it: to load it again could
 * take the process down.
 */
export function goBack(current: DesiredRevisions, revisionId: string, servingIsRefused: boolean): DesiredRevisions {
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
): DesiredRevisions {
  const { servingId, warmId } = host;
  return { generation: Math.max(host.generation, current.generation + 1), servingId, warmId };
}
