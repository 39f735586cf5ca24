import type { z } from "zod";
import type { GuardReading } from "@/lib/deployments/rollout";
import type { endpointRollout, RolloutStage, RolloutView } from "@/lib/deployments/rollout-schema";
import { argument, type Call, type Command, option } from "./command";
import { UsageError } from "./failures";
import { facts, table } from "./table";

type EndpointRollout = z.output<typeof endpointRollout>;
const VERBS = ["stop", "pause", "resume"] as const;

async function rollout(call: Call): Promise<void> {
  const api = await call.api();
  const found = await api.get<EndpointRollout>(`/api/v1/endpoints/${argument(call, 0)}/rollout`);
  const verb = call.args[1];
  if (verb === undefined) {
    call.print(found, found.rollout ? described(found.rollout) : `Nothing was rolled out on ${found.endpoint} yet.\n`);
    return;
  }
  if (!VERBS.some((known) => known === verb)) {
    throw new UsageError(`A rollout is not to ${verb}: choose ${VERBS.join(", ")}, or nothing to look at it.`);
  }
  if (!found.rollout) throw new UsageError(`Nothing was rolled out on ${found.endpoint} yet.`);
  const reason = option(call, "reason", "it goes into the audit log.");
  const done = await api.send<Readonly<Record<string, unknown>>>(
    "POST",
    `/api/v1/rollouts/${found.rollout.id}/${verb}`,
    { reason },
  );
  call.print(done, facts(Object.entries(done).map(([name, value]) => [name, `${value}`])));
}

function described(shown: RolloutView): string {
  const { endpoint, candidate, incumbent, state, percent, waitsFor, reason, endedBy } = shown;
  const head = facts([
    ["endpoint", endpoint],
    ["candidate", `${candidate.revision} (${candidate.model} v${candidate.version}), ${percent} % of the requests`],
    ["beside", `${incumbent.revision} (${incumbent.model} v${incumbent.version})`],
    ["state", shown.paused || shown.pausedByAll ? `${state}, paused` : state],
    ["waits for", waitsFor],
    ["ended", reason === null ? null : `${reason} (${endedBy})`],
  ]);
  return `${head}\n${stages(shown.stages)}\n${guards(shown.guards)}`;
}

const stages = (rows: readonly RolloutStage[]) =>
  table(
    rows,
    [
      { head: "STAGE", cell: ({ label }) => label },
      { head: "PROGRESS", cell: ({ progress }) => progress },
      { head: "SAMPLES", cell: ({ samples, samplesNeeded }) => `${samples ?? 0} of ${samplesNeeded}` },
      { head: "SECONDS", cell: ({ seconds, secondsNeeded }) => `${Math.floor(seconds ?? 0)} of ${secondsNeeded}` },
    ],
    "No stages.",
  );

const guards = (rows: readonly GuardReading[]) =>
  table(
    rows,
    [
      { head: "GUARD", cell: ({ id }) => id },
      { head: "STATE", cell: ({ state }) => state.replace("_", " ") },
      { head: "WORDS", cell: ({ words }) => words },
    ],
    "Nothing is measured yet.",
  );

export const ROLLOUT: Command = {
  name: "endpoint rollout",
  args: ["NAME", "[stop|pause|resume]"],
  options: { reason: { type: "string" } },
  usage: "[--reason TEXT]",
  summary: "Shows how the newest rollout goes; stop goes back now, pause keeps it where it is.",
  run: rollout,
};
