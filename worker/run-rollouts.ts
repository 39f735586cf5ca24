import { hasClickHouse } from "@/lib/clickhouse/client";
import { type ContractDocument, contractDocument } from "@/lib/contracts/document";
import { db, inTransaction } from "@/lib/db";
import { readObserved } from "@/lib/deployments/observed-state";
import { type NextStep, nextStep, type Observation, OPEN_ROLLOUT_STATES, shareOf } from "@/lib/deployments/rollout";
import { NOTHING, type StageFacts } from "@/lib/deployments/rollout-facts";
import { guardsOf } from "@/lib/deployments/rollout-guards";
import { canaryOf } from "@/lib/deployments/rollout-observed";
import { readRollout } from "@/lib/deployments/rollout-row";
import type { SeenRollout } from "@/lib/deployments/rollout-schema";
import { stepRollout } from "@/lib/governance/commands/step-rollout";
import { logger } from "@/lib/logger";
import { each } from "./each";
import type { Job } from "./job";
import { type StageQuestion, stageFacts } from "./rollout-facts";

/**
 * Takes every rollout on, or back: looks at the target and at what both revisions did since the stage began, and does what that comes to.
 * Keeps nothing of its own: killed anywhere, the next round, or the next worker, looks again.
 */
export const runRollouts: Job = {
  name: "run rollouts",
  everyMs: 1000,
  run: () => runRolloutsAt(Date.now()),
};

/** One look at everything, as of `now` (milliseconds since 1970). */
export async function runRolloutsAt(now: number): Promise<void> {
  const rows = await findOpen();
  if (rows.length === 0) return;
  const turned = await db().rolloutSwitch.findUnique({ where: { id: 1 } });
  const facts = await measured(rows);
  await each(rows, async (row) => {
    const { next, seen } = lookAt(row, { facts: facts.get(row.id) ?? null, pausedByAll: turned?.paused ?? true, now });
    const { state, step } = readRollout(row).rollout;
    const at = { state, step, generation: row.endpoint.generation };
    const look = { id: row.id, promotionId: row.promotionId, at, seen, next };
    const isDone = await inTransaction((tx) => stepRollout(tx, look));
    if (isDone && next.kind !== "stay") logger().info({ candidate: row.candidate.name, next }, "rollout moved");
  });
}

async function findOpen() {
  return db().rollout.findMany({
    where: { state: { in: [...OPEN_ROLLOUT_STATES] } },
    include: {
      endpoint: {
        select: {
          ...{ name: true, target: true, generation: true, servingId: true, observed: true, observedAt: true },
          serving: { select: { name: true } },
        },
      },
      candidate: { select: { name: true, modelVersionId: true, contract: { select: { document: true } } } },
      incumbent: { select: { name: true } },
    },
    orderBy: { startedAt: "asc" },
  });
}

type Row = Awaited<ReturnType<typeof findOpen>>[number];

const documentOf = ({ candidate }: Row): ContractDocument => contractDocument.parse(candidate.contract.document);

/** By rollout; those whose stage has not begun on the target are left out. Without a store there is no data, and nothing goes forward. */
async function measured(rows: readonly Row[]): Promise<ReadonlyMap<string, StageFacts>> {
  const begun = rows.flatMap((row) => (row.stageSince === null ? [] : [{ row, since: row.stageSince.getTime() }]));
  if (begun.length === 0 || !hasClickHouse()) return new Map();
  const questions = begun.map(
    ({ row, since }): StageQuestion => ({
      ...{ endpoint: row.endpoint.name, candidate: row.candidate.name, incumbent: row.incumbent.name, since },
      ...{ shadow: row.state === "shadow", endpointId: row.endpointId },
      ...{ candidateVersionId: row.candidate.modelVersionId, document: documentOf(row) },
    }),
  );
  try {
    const facts = await stageFacts(questions);
    return new Map(begun.flatMap(({ row }, i) => (facts[i] ? [[row.id, facts[i]] as const] : [])));
  } catch (error) {
    // What the target says of the candidate still counts: it may have to go back.
    logger().error({ err: error }, "rollouts cannot be measured");
    return new Map();
  }
}

const UNREACHABLE =
  "this target gives a candidate without a share no request: the golden set cannot be asked through its gateway";

type Around = { readonly facts: StageFacts | null; readonly pausedByAll: boolean; readonly now: number };

function lookAt(row: Row, { facts, pausedByAll, now }: Around): { next: NextStep; seen: SeenRollout } {
  const { rollout } = readRollout(row, pausedByAll);
  const { endpoint, candidate, incumbent } = row;
  const share = shareOf(rollout);
  const wish = { generation: endpoint.generation, candidate: candidate.name, share };
  const reading = { status: readObserved(endpoint.observed), at: endpoint.observedAt };
  const { clauses } = documentOf(row);
  const guards = facts === null ? [] : guardsOf({ clauses, plan: rollout.plan }, share, facts);
  const { candidate: counts, incumbent: others } = facts ?? { candidate: NOTHING, incumbent: NOTHING };
  const observation: Observation = {
    canary: canaryOf(wish, reading, now),
    overtakenBy: endpoint.servingId === row.incumbentId ? null : (endpoint.serving?.name ?? "Nothing"),
    samples: counts.requests,
    guards,
  };
  const next = nextStep(rollout, observation, now);
  const isUnasked = rollout.state === "checking" && rollout.golden === null && observation.canary.kind === "ready";
  const why = isUnasked && endpoint.target !== "local" ? UNREACHABLE : next.kind === "stay" ? next.reason : "";
  const waitsFor = next.kind === "stay" ? why : whatNext(next, incumbent.name);
  const samples = { samples: counts.requests, incumbentSamples: others.requests };
  return { next, seen: { ...samples, waitsFor, guards: [...guards] } };
}

/** What the page says until the next look. */
function whatNext(next: Exclude<NextStep, { readonly kind: "stay" }>, incumbent: string): string {
  if (next.kind === "begin") return "the stage has begun";
  if (next.kind === "advance") return "the target is given the next stage";
  return next.kind === "complete" ? "it takes over" : `every request goes to ${incumbent}`;
}
