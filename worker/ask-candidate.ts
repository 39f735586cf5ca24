import { z } from "zod";
import type { ContractInterface } from "@/lib/contracts/document";
import { PROBE_HEADER, REVISION_HEADER } from "@/lib/inference/events";
import type { ModelSchema } from "@/lib/registry/model-schema";
import { type ProbeAccess, probeToken } from "./probe-access";
import { requestBodies, type SampleRows } from "./sample-bodies";

const PATIENCE_MS = 10_000;
/** Answers that say "not now": it is asked again. */
const NOT_NOW = new Set([401, 404, 429, 502, 503]);

export type CandidateAddress = {
  readonly url: string;
  readonly endpoint: string;
  readonly revision: string;
  /** Number of its version, which its answers name. */
  readonly version: string;
  readonly schema: ModelSchema;
  readonly output: ContractInterface["output"];
};

const inference = z.object({
  model_version: z.string(),
  /** What answered in its place, by its own failure mode. */
  parameters: z.object({ secondary: z.string(), fallback: z.boolean() }).partial().optional(),
  outputs: z.array(z.object({ name: z.string(), shape: z.array(z.number()), data: z.array(z.number()) })),
});

/**
 * The score of each row as the candidate answers it, up to the first that it gives none for: in words why. Marked as probes: they feed
 * nothing.
 * @throws Error when it does not answer, or not now, or another version answers in its place
 */
export async function askCandidate(
  at: CandidateAddress,
  rows: SampleRows,
  access: ProbeAccess,
  signal: AbortSignal,
): Promise<readonly (number | string)[]> {
  const token = await probeToken(at.endpoint, access, Date.now());
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    [PROBE_HEADER]: access.secret,
    [REVISION_HEADER]: at.revision,
  };
  const bodies = requestBodies(rows, at.schema, { size: 1, count: rows.length, now: Date.now() });
  const answered: (number | string)[] = [];
  for (const body of bodies) {
    const answer = await ask(at, body, headers, signal);
    answered.push(answer);
    if (typeof answer === "string") break; // asked on, its circuit breaker opens, and that says "not now"
  }
  return answered;
}

async function ask(
  { url, revision, version, output }: CandidateAddress,
  body: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<number | string> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const response = await fetch(url, { method: "POST", headers, body, signal: within, redirect: "error" });
  const text = await response.text();
  if (NOT_NOW.has(response.status)) {
    throw new Error(`${revision} cannot be asked now: it answered ${response.status}: ${text.slice(0, 200)}`);
  }
  if (!response.ok) return `answered ${response.status}: ${text.slice(0, 200)}`;
  const answer = inference.safeParse(toJson(text)).data;
  const { secondary, fallback } = answer?.parameters ?? {};
  if (secondary !== undefined || fallback) return `${secondary ?? "the fallback"} answered in its place`;
  if (answer && answer.model_version !== version) {
    throw new Error(`version ${answer.model_version} answers in the place of ${revision}`);
  }
  const tensor = answer?.outputs.find(({ name }) => name === output.name);
  const score = tensor?.data[tensor.shape.length > 1 ? output.index : 0];
  return score ?? `answered without a score: ${text.slice(0, 200)}`;
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
