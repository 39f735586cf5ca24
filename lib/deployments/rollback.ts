import type { EndpointStatus } from "@/lib/inference/desired-state";

export type EarlierRevision = {
  readonly name: string;
  /** When it first answered; null: never. */
  readonly servedAt: Date | null;
  readonly contract: { readonly number: number; readonly state: string; readonly digest: string | null };
};

/** Why an endpoint cannot go back to this revision, in words for a person; null: it can. */
export function rollbackRefusal(
  revision: EarlierRevision,
  serving: string | null,
  observed: EndpointStatus | null,
): string | null {
  const { name, servedAt, contract } = revision;
  if (name === serving) return `${name} is what serves now.`;
  if (servedAt === null) return `${name} has never answered: a promotion makes it serve, a rollback does not.`;
  if (contract.state !== "signed" || contract.digest === null) {
    return `The contract v${contract.number} of ${name} is not signed: nothing serves under it.`;
  }
  if (observed?.refused?.revision === name) return `The target refused ${name}: ${observed.refused.reason}`;
  return null;
}

/** Whether the target holds the revision loaded, so that it answers at once. */
export function isLoaded(name: string, observed: EndpointStatus | null): boolean {
  return observed?.state === "ready" && (observed.warm === name || observed.serving === name);
}
