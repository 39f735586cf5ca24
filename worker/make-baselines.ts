import { artifactStore } from "@/lib/artifacts/store";
import { db, inTransaction } from "@/lib/db";
import { logger } from "@/lib/logger";
import { type BaselinePayload, baselinePayload } from "@/lib/monitoring/baseline";
import { recordBaseline } from "@/lib/monitoring/commands/record-baseline";
import { toVersion } from "@/lib/registry/version-row";
import type { BaselineAnswer, BaselineQuestion } from "./baseline-question";
import { each } from "./each";
import type { Job } from "./job";
import { runLimited } from "./limited-process";

const GIBIBYTE = 2 ** 30;
const AT_ONCE = 3;

/** Makes the frozen reference of every verified version that has none: its reference sample, scored by the version in a limited process. */
export function makeBaselines(): Job {
  /** Versions that no reference can be made of: said once, tried again by the next worker. */
  const given = new Set<string>();
  return {
    name: "make baselines",
    everyMs: 2000,
    run: async (signal) => {
      const due = await db().modelVersion.findMany({
        where: { state: "ready", id: { notIn: [...given] }, baselines: { none: { endpointId: null } } },
        orderBy: { createdAt: "desc" },
        take: AT_ONCE,
        include: { model: { select: { name: true } } },
      });
      await each(due, async (row) => {
        if (signal.aborted) return;
        const version = toVersion(row.model.name, row);
        const name = `${version.model} v${version.number}`;
        const answer = await profiled(version, signal);
        if (typeof answer === "string") {
          given.add(row.id);
          logger().warn(
            { version: name, reason: answer },
            "no reference can be made: drift of this version is unproven",
          );
          return;
        }
        const made = { modelVersionId: row.id, version: name, payload: answer };
        if (await inTransaction((tx) => recordBaseline(tx, made))) logger().info({ version: name }, "reference made");
      });
    },
  };
}

type Version = ReturnType<typeof toVersion>;

/** The reference of a version, or why there is none. @throws Error when `signal` fires, or the store has lost a file */
async function profiled(version: Version, signal: AbortSignal): Promise<BaselinePayload | string> {
  const { question, size } = await questionOf(version);
  const limits = { memoryBytes: 3 * GIBIBYTE + 20 * size, seconds: 300 + Math.ceil(size / 1e6) };
  const ended = await runLimited("profile-reference.ts", question, limits, signal);
  const [, text] = ended.answer.split("\n");
  if (!text) {
    const how = ended.timedOut ? `was not done within ${limits.seconds} s` : `ended with ${ended.signal ?? ended.code}`;
    return `the process that scores the reference sample ${how}: ${ended.complaint.slice(-500)}`;
  }
  const answer: BaselineAnswer = JSON.parse(text);
  if (!answer.ok) return answer.reason;
  const checked = baselinePayload.safeParse(answer.payload);
  return checked.success ? checked.data : `what was found has not the form of a reference: ${checked.error.message}`;
}

async function questionOf(version: Version): Promise<{ question: BaselineQuestion; size: number }> {
  const store = artifactStore();
  const locate = async (role: Version["files"][number]["role"]) => {
    const file = version.files.find((each) => each.role === role);
    const found = file && (await store.find(file.sha256));
    if (file && !found) throw new Error(`the artifact ${file.sha256} (${role}) is not in the store any more`);
    return found ?? null;
  };
  const [model, sample] = [await locate("model"), await locate("reference_sample")];
  const evaluation = await locate("evaluation_sample");
  if (!model || !sample) throw new Error(`${version.model} v${version.number} has no model or no reference sample`);
  const question = {
    ...{ model: model.path, sample: sample.path, evaluation: evaluation?.path ?? null },
    schema: version.schema,
    output: scoreOutput(version),
  };
  return { question, size: model.size + sample.size + (evaluation?.size ?? 0) };
}

/** The first output that was found to hold probabilities; its last column is the positive class. */
function scoreOutput({ schema, verification }: Version): BaselineQuestion["output"] {
  const name = verification?.model.probabilities[0] ?? schema.outputs[0]?.name ?? "";
  const shape = schema.outputs.find((each) => each.name === name)?.shape ?? [];
  const width = shape.length > 1 ? (shape.at(-1) ?? 1) : 1;
  return { name, index: Math.max(0, width - 1) };
}
