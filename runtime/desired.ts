import type { Applied, DesiredState, EndpointConfig } from "@/lib/inference/desired-state";
import type { EndpointRecord, HostState } from "./state-file";

type Wanted = DesiredState["endpoints"][number];
type Result = Applied["endpoints"][number]["result"];

/**
 * Merges what is wanted into the state that is held. Pure. A lower generation is `stale` and changes nothing; the same generation may
 * bring other content (a rotated key), but never brings back an endpoint that this generation removed, nor undoes a rollback of the host
 * that the portal did not know of when it chose the same generation.
 * @param ports the port of each endpoint that is new
 */
export function mergeDesired(
  held: HostState,
  wanted: readonly Wanted[],
  ports: ReadonlyMap<string, number>,
): { next: HostState; applied: Applied } {
  const endpoints: Record<string, EndpointRecord> = { ...held.endpoints };
  const applied: Applied["endpoints"] = [];
  for (const want of wanted) {
    const record = endpoints[want.name];
    const result = judge(record, want);
    if (result === "accepted") endpoints[want.name] = merged(record, want, ports.get(want.name) ?? record?.port ?? 0);
    const generation = endpoints[want.name]?.generation ?? want.generation;
    applied.push({ name: want.name, result, generation });
  }
  return { next: { ...held, endpoints }, applied: { endpoints: applied } };
}

function judge(record: EndpointRecord | undefined, want: Wanted): Result {
  if (!record) return "accepted";
  if (want.generation !== record.generation) return want.generation < record.generation ? "stale" : "accepted";
  const config = "removed" in want ? null : want;
  // Accepted once although nothing changes: the portal knows of it now, and it is no longer reported.
  if (record.rolledBack) return sameRevisions(config, record.config) ? "accepted" : "stale";
  if (record.config === null && config !== null) return "stale";
  return JSON.stringify(config) === JSON.stringify(record.config) ? "unchanged" : "accepted";
}

const sameRevisions = (a: EndpointConfig | null, b: EndpointConfig | null): boolean =>
  a?.serving?.revision === b?.serving?.revision &&
  a?.warm?.revision === b?.warm?.revision &&
  a?.canary?.revision.revision === b?.canary?.revision.revision;

function merged(record: EndpointRecord | undefined, want: Wanted, port: number): EndpointRecord {
  const { generation } = want;
  const proven = record?.proven ?? null;
  if ("removed" in want) return { generation, config: null, port: 0, proven: null, crashed: null };
  // A new generation is a new decision: a revision that crashed before is tried again.
  const crashed = record?.crashed?.generation === generation ? record.crashed : null;
  return { generation, config: want, port, proven, crashed };
}

/** Names of wanted endpoints that have no port yet. */
export const withoutPort = (held: HostState, wanted: readonly Wanted[]): string[] =>
  wanted.filter((want) => !("removed" in want) && !held.endpoints[want.name]?.port).map((want) => want.name);
