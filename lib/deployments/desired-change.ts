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
