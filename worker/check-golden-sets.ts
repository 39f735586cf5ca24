import { artifactStore } from "@/lib/artifacts/store";
import { contractDocument } from "@/lib/contracts/document";
import { db, inTransaction } from "@/lib/db";
import { recordGolden } from "@/lib/deployments/commands/record-golden";
import { judgeGolden } from "@/lib/deployments/golden-set";
import { inferenceUrlOf, readObserved } from "@/lib/deployments/observed-state";
import { canaryOf } from "@/lib/deployments/rollout-observed";
import { logger } from "@/lib/logger";
import { toVersion } from "@/lib/registry/version-row";
import { askCandidate } from "./ask-candidate";
import { each } from "./each";
import type { GoldenAnswer, GoldenQuestion } from "./golden-question";
import type { Job } from "./job";
import { runLimited } from "./limited-process";
import { readProbeAccess } from "./probe-access";

const ROWS = 32;
const GIBIBYTE = 2 ** 30;

/**
 * Before the first request of anybody: every candidate that is loaded is asked rows of its version's reference sample over the endpoint's own
 * address, and its answers are compared with what the model gives in a process of its own.
 */
export const checkGoldenSets: Job = {
  name: "check golden sets",
  everyMs: 1000,
  run: async (signal) => {
    const due = await findDue();
    await each(due, async (rollout) => {
      if (signal.aborted) return;
      const golden = judgeGolden(await answersOf(rollout, signal));
      const isNew = await inTransaction((tx) => recordGolden(tx, rollout.id, golden));
      if (isNew) logger().info({ candidate: rollout.candidate.name, golden }, "golden set answered");
    });
  },
};

/** Rollouts that wait for it, and whose candidate the target holds. */
async function findDue() {
  const rows = await db().rollout.findMany({
    // A gateway with weights gives a candidate without a share no request, also none of ours.
    where: { state: "checking", endpoint: { target: "local" } },
    include: {
      endpoint: { select: { name: true, generation: true, observed: true, observedAt: true } },
      candidate: {
        select: {
          name: true,
          contract: { select: { document: true } },
          modelVersion: { include: { model: { select: { name: true } } } },
        },
      },
    },
  });
  const now = Date.now();
  const share = { percent: 0, shadow: false };
  return rows.filter(({ golden, endpoint: { generation, observed, observedAt }, candidate }) => {
    if (golden !== null) return false;
    const reading = { status: readObserved(observed), at: observedAt };
    return canaryOf({ generation, candidate: candidate.name, share }, reading, now).kind === "ready";
  });
}

type Due = Awaited<ReturnType<typeof findDue>>[number];

/** @throws Error when the candidate cannot be asked now: it is asked again */
async function answersOf({ endpoint, candidate }: Due, signal: AbortSignal) {
  const version = toVersion(candidate.modelVersion.model.name, candidate.modelVersion);
  const { output } = contractDocument.parse(candidate.contract.document).interface;
  const url = inferenceUrlOf(endpoint.name, endpoint.observed, null);
  if (url === null) throw new Error(`the endpoint ${endpoint.name} does not listen`);
  const expected = await expectedOf(version, output, signal);
  if (!expected.ok) return [{ expected: 0, answered: `the model cannot be asked: ${expected.reason}` }];
  const own = { url, endpoint: endpoint.name, revision: candidate.name, version: `${version.number}` };
  const candidateAt = { ...own, schema: version.schema, output };
  const answered = await askCandidate(candidateAt, expected.rows, await readProbeAccess(), signal);
  return answered.map((answer, i) => ({ expected: expected.scores[i] ?? Number.NaN, answered: answer }));
}

type Version = ReturnType<typeof toVersion>;

/** What the model gives for the first rows of the reference sample, in a limited process. @throws Error when it did not end by itself */
async function expectedOf(
  version: Version,
  output: GoldenQuestion["output"],
  signal: AbortSignal,
): Promise<GoldenAnswer> {
  const locate = async (role: Version["files"][number]["role"]) => {
    const file = version.files.find((file) => file.role === role);
    const found = file && (await artifactStore().find(file.sha256));
    if (!found) throw new Error(`${version.model} v${version.number}: its ${role} is not in the store`);
    return found;
  };
  const [model, sample] = [await locate("model"), await locate("reference_sample")];
  const question: GoldenQuestion = {
    ...{ model: model.path, sample: sample.path, rows: ROWS },
    ...{ schema: version.schema, output: { name: output.name, index: output.index } },
  };
  const limits = { memoryBytes: 3 * GIBIBYTE + 20 * model.size, seconds: 60 + Math.ceil(model.size / 1e6) };
  const ended = await runLimited("score-golden.ts", question, limits, signal);
  if (ended.answer !== "") return JSON.parse(ended.answer);
  const how = ended.timedOut ? `was not done within ${limits.seconds} s` : `ended with ${ended.signal ?? ended.code}`;
  throw new Error(`the process that scores the golden set ${how}: ${ended.complaint.slice(-500)}`);
}
