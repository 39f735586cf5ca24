import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { ManifestPlan } from "@/lib/deployments/cluster-view";
import { argument, type Call, type Command, option } from "./command";
import { Refused } from "./failures";

/** A file per object, in the order in which they are applied: the number at the beginning keeps it. */
function fileOf({ kind, name }: ManifestPlan["objects"][number], index: number): string {
  return `${String(index + 1).padStart(2, "0")}-${kind.toLowerCase()}-${name}.yaml`;
}

async function exportManifests(call: Call): Promise<void> {
  const plan = await (await call.api()).get<ManifestPlan>(`/api/v1/endpoints/${argument(call, 0)}/manifests`);
  const directory = option(call, "dir") ?? plan.endpoint;
  const words = (all: ManifestPlan["cannot"]) => all.map(({ clause, reason, fix }) => `  ${clause}: ${reason}; ${fix}`);
  if (plan.cannot.length > 0) {
    const text = `${plan.cluster} cannot hold what the contract asks for:\n${words(plan.cannot).join("\n")}`;
    throw new Refused(text);
  }
  if (plan.objects.length === 0) throw new Refused(`${plan.endpoint} serves nothing: there is nothing to export.`);
  await mkdir(directory, { recursive: true });
  const files: string[] = [];
  for (const [index, object] of plan.objects.entries()) {
    const file = path.join(directory, fileOf(object, index));
    await writeFile(file, object.yaml);
    files.push(file);
  }
  for (const line of words(plan.advice)) call.io.err(`${line}\n`);
  call.print(plan, `${files.length} files in ${directory}, for the namespace ${plan.namespace} of ${plan.cluster}\n`);
}

export const EXPORT: Command = {
  name: "export",
  args: ["ENDPOINT"],
  options: { dir: { type: "string" } },
  usage: "[--dir DIRECTORY]",
  summary: "Writes what an endpoint is in its cluster as YAML files, for Git.",
  run: exportManifests,
};
