// Custom resource definitions of a part of the cluster, applied as the module ships them.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Ground } from "./ground";
import { until } from "./loopback-api";

type Definition = {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
};

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** Applies the definitions of `part` and waits until the server serves them. */
export async function applyDefinitions({ api, programs }: Ground, part: "kserve" | "gateway"): Promise<void> {
  const dir = programs.at(path.join("crds", part));
  const names: string[] = [];
  for (const file of readdirSync(dir)) {
    const yaml = readFileSync(path.join(dir, file), "utf8");
    const name = /^ {2}name: (\S+)$/m.exec(yaml)?.[1];
    if (!name) throw new Error(`${path.join(dir, file)} defines no resource`);
    await api.apply(`${DEFINITIONS}/${name}`, yaml);
    names.push(name);
  }
  await until(`definitions of ${part}`, async () => {
    const { items } = await api.read<{ items: Definition[] }>(DEFINITIONS);
    const served = new Set(items.filter(isServed).map((item) => item.metadata.name));
    return names.every((name) => served.has(name));
  });
}

const isServed = ({ status }: Definition) =>
  status?.conditions?.some(({ type, status: value }) => type === "Established" && value === "True") ?? false;
