import { artifactStore } from "@/lib/artifacts/store";
import { db, inTransaction } from "@/lib/db";
import { logger } from "@/lib/logger";
import { concludeVerification, type Outcome } from "@/lib/registry/commands/conclude-verification";
import { toVersion } from "@/lib/registry/version-row";
import { toStorable } from "@/lib/text";
import { each } from "./each";
import type { Job } from "./job";
import { type Ended, runLimited } from "./limited-process";
import type { Question } from "./verification";

const GIBIBYTE = 2 ** 30;
const AT_ONCE = 10;
const MAX_KILLS = 3;
/** Only what was opened can raise these. */
const CRASHES: readonly string[] = ["SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP"];

/** Opens the files of every pending version in a limited process and writes down what that found. */
export function verifyVersions(): Job {
  const kills = new Map<string, number>();
  /** Looked at without an outcome: the others come first, or a handful of these would hold up every later version. */
  const putOff = new Set<string>();
  return {
    name: "verify versions",
    everyMs: 500,
    run: async (signal) => {
      let pending = await oldestPending(putOff);
      if (pending.length === 0 && putOff.size > 0) {
        putOff.clear();
        pending = await oldestPending(putOff);
      }
      await each(pending, async (row) => {
        if (signal.aborted) return;
        putOff.add(row.id);
        const version = toVersion(row.model.name, row);
        const { question, size } = await questionOf(version.files, version.schema);
        const limits = limitsFor(size);
        const outcome = judge(await runLimited("open-model.ts", question, limits, signal), limits.seconds, () => {
          kills.set(row.id, (kills.get(row.id) ?? 0) + 1);
          return kills.get(row.id) ?? 0;
        });
        kills.delete(row.id);
        if (await inTransaction((tx) => concludeVerification(tx, row.id, outcome))) {
          logger().info({ model: version.model, version: version.number, outcome }, "version verified");
        }
        putOff.delete(row.id);
      });
    },
  };
}

function oldestPending(except: ReadonlySet<string>) {
  return db().modelVersion.findMany({
    where: { state: "pending", id: { notIn: [...except] } },
    orderBy: { createdAt: "asc" },
    take: AT_ONCE,
    include: { model: { select: { name: true } } },
  });
}

type Version = ReturnType<typeof toVersion>;

async function questionOf(
  files: Version["files"],
  schema: Version["schema"],
): Promise<{ question: Question; size: number }> {
  const store = artifactStore();
  const locate = async (role: "model" | "reference_sample" | "evaluation_sample") => {
    const file = files.find((each) => each.role === role);
    const found = file && (await store.find(file.sha256));
    if (!file || !found) throw new Error(`the artifact ${file?.sha256} (${role}) is not in the store any more`);
    return { path: found.path, sha256: file.sha256, size: found.size };
  };
  const [model, sample] = [await locate("model"), await locate("reference_sample")];
  const hasEvaluation = files.some(({ role }) => role === "evaluation_sample");
  const evaluation = hasEvaluation ? await locate("evaluation_sample") : null;
  return {
    question: { model, sample, schema, ...(evaluation && { evaluation }) },
    size: model.size + sample.size + (evaluation?.size ?? 0),
  };
}

/** Loading takes the file, its decoded tensors and the optimiser's copies; reading and hashing it takes a second per 50 MB at worst. */
function limitsFor(bytes: number) {
  return { memoryBytes: 2 * GIBIBYTE + 4 * bytes, seconds: 60 + Math.ceil(bytes / 5e7) };
}

/**
 * What the end of the process means for the version.
 * @throws Error when the end says nothing of the version: it stays pending and is looked at again
 */
function judge(ended: Ended, seconds: number, killed: () => number): Outcome {
  const [started, answer] = ended.answer.split("\n");
  if (answer) return JSON.parse(answer, toStorable);
  const failed = (reason: string): Outcome => ({ ok: false, reason });
  const { signal, code } = ended;
  if (ended.timedOut || signal === "SIGXCPU") return failed(`Opening the files took longer than ${seconds} s.`);
  if (started === "started" && signal && CRASHES.includes(signal)) {
    return failed(`The files crashed the process that opened them (${signal}), or need more memory than it may have.`);
  }
  // Someone else ended it: most likely the kernel, for lack of memory. Once may be chance.
  if (signal === "SIGKILL" && killed() >= MAX_KILLS) {
    return failed(
      `The process that opened the files was killed ${MAX_KILLS} times: most likely they need too much memory.`,
    );
  }
  throw new Error(`the process that opens models ended with ${signal ?? code}: ${ended.complaint.slice(-2000)}`);
}
