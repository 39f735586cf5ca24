import { hasClickHouse } from "@/lib/clickhouse/client";
import { insertProbeResults, type ProbeResult } from "@/lib/clickhouse/probe-results";
import { type ContractInterface, contractDocument } from "@/lib/contracts/document";
import { db } from "@/lib/db";
import { type ClusterConfig, clusterConfig } from "@/lib/deployments/cluster-config";
import { inferenceUrlOf, readObserved } from "@/lib/deployments/observed-state";
import { PROBE_HEADER } from "@/lib/inference/events";
import { PROBE_EVERY_MS } from "@/lib/monitoring/liveness";
import { probeBody } from "@/lib/monitoring/probe-body";
import { modelSchema } from "@/lib/registry/model-schema";
import type { Job } from "./job";
import { type ProbeAccess, probeToken, readProbeAccess } from "./probe-access";

const PATIENCE_MS = 3000;

/**
 * Asks every endpoint that has served for one prediction, as a client would, and stores whether it answered. The runtime marks these
 * requests: they feed nothing but the question whether the endpoint is up.
 */
export const probeEndpoints: Job = {
  name: "probe endpoints",
  everyMs: PROBE_EVERY_MS,
  run: async (signal) => {
    if (!hasClickHouse()) return;
    const targets = await findTargets();
    if (targets.length === 0) return;
    const access = await readProbeAccess();
    const results = await Promise.all(targets.map((target) => probe(target, access, signal)));
    // What a worker that ends did not wait for says nothing about the endpoint.
    if (!signal.aborted) await insertProbeResults(results);
  },
};

type Target = {
  readonly name: string;
  /** Null: the endpoint does not listen; `reason` says why. */
  readonly url: string | null;
  readonly reason: string;
  /** Only the local runtime knows a probe from a request; the secret that says so goes nowhere else. */
  readonly isLocal: boolean;
  readonly schema: unknown;
  readonly shape: ContractInterface;
};

async function findTargets(): Promise<Target[]> {
  const rows = await db().endpoint.findMany({
    // Before a revision of it first answered there is nothing that could be down.
    where: { servingId: { not: null }, revisions: { some: { servedAt: { not: null } } } },
    select: {
      name: true,
      observed: true,
      cluster: { select: { config: true } },
      serving: { select: { modelVersion: { select: { schema: true } }, contract: { select: { document: true } } } },
    },
  });
  return rows.flatMap(({ name, observed, cluster, serving }) => {
    if (!serving || (cluster && !canBeAsked(clusterConfig.parse(cluster.config)))) return [];
    const document = contractDocument.parse(serving.contract.document);
    const reason = readObserved(observed)?.reason ?? "the endpoint does not listen";
    return [
      {
        name,
        url: inferenceUrlOf(name, observed, cluster),
        reason,
        isLocal: cluster === null,
        schema: serving.modelVersion.schema,
        shape: document.interface,
      },
    ];
  });
}

/** Where nobody knows the way in, or others sign the tokens, silence says nothing: what rests on it stays unproven. */
const canBeAsked = ({ gatewayUrl, jwt }: ClusterConfig) => gatewayUrl !== null && jwt === null;

async function probe(target: Target, access: ProbeAccess, signal: AbortSignal): Promise<ProbeResult> {
  const at = Date.now();
  const result = (status: number, reason: string): ProbeResult => ({
    ...{ endpoint: target.name, at, ok: reason === "", status, reason },
    latencyUs: Math.round((performance.now() - started) * 1000),
  });
  const started = performance.now();
  if (target.url === null) return result(0, target.reason);
  try {
    const response = await fetch(target.url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${await probeToken(target.name, access, at)}`,
        "content-type": "application/json",
        ...(target.isLocal && { [PROBE_HEADER]: access.secret }),
      },
      body: JSON.stringify(probeBody(modelSchema.parse(target.schema), target.shape, at)),
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      redirect: "error",
    });
    const text = await response.text();
    return result(response.status, response.ok ? "" : `answered ${response.status}: ${text.slice(0, 200)}`);
  } catch (error) {
    return result(0, whyNot(error));
  }
}

function whyNot(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return `no answer within ${PATIENCE_MS / 1000} s`;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "ECONNREFUSED") return "connection refused";
  return code === "" ? "no answer" : `no answer: ${code}`;
}
