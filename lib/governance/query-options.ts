import { queryOptions } from "@tanstack/react-query";
import { getJson } from "@/lib/get-json";
import { type RunState, versionEvidence } from "@/lib/governance/evidence-run";
import { rollbackPreview } from "@/lib/governance/rollback-view";
import { hrefWith } from "@/lib/query-string";
import { tierAdvice } from "@/lib/serving/tier";

const OPEN: readonly RunState[] = ["queued", "running"];
const FOLLOW_MS = 1500;
const LOOK_MS = 30_000;

/** Load curves, drills and runs of a version; read often while one of its runs is open. */
export function evidenceQuery(model: string, version: number) {
  const path = `/api/v1/models/${encodeURIComponent(model)}/versions/${version}/evidence`;
  return queryOptions({
    queryKey: ["evidence", model, version],
    queryFn: ({ signal }) => getJson(path, versionEvidence, signal),
    refetchInterval: ({ state }) => (state.data?.runs.some((run) => OPEN.includes(run.state)) ? FOLLOW_MS : LOOK_MS),
  });
}

type TierAsked = {
  readonly model: string;
  readonly version: number;
  readonly useCase: string;
  readonly contract: number;
  /** Of the newest evidence: other evidence, another answer. */
  readonly evidence: string;
};

/** The tier of a version under a contract, and where it is read. */
export function tierQuery({ model, version, useCase, contract, evidence }: TierAsked) {
  const at = `/api/v1/models/${encodeURIComponent(model)}/versions/${version}/tier`;
  const path = hrefWith(at, { useCase, contract });
  const options = queryOptions({
    queryKey: ["tier", model, version, useCase, contract, evidence],
    queryFn: ({ signal }) => getJson(path, tierAdvice, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return { ...options, path };
}

/** What an endpoint can go back to; never an old answer, for it is decided on. */
export function rollbackQuery(name: string) {
  const path = `/api/v1/endpoints/${encodeURIComponent(name)}/rollback`;
  return queryOptions({
    queryKey: ["rollback", name],
    queryFn: ({ signal }) => getJson(path, rollbackPreview, signal),
    staleTime: 0,
    gcTime: 0,
  });
}
