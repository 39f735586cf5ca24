import { compileManifests } from "@/lib/serving/compile-manifests";
import { objectOf } from "@/lib/serving/manifest";
import { yamlOfAll } from "@/lib/serving/manifest-yaml";
import { CLUSTER_CONTRACTS, clusterInput, clusterRevision } from "@/lib/serving/test-clusters";
import { type BenchResult, median, option, rounded } from "./report";

/**
 * From signed contracts to the objects of an endpoint and to the YAML that is shown: six uses of a cluster in turn, each with the
 * revision that serves and the one before it. Beside it the least that a copy of the same objects costs: JSON there and back.
 */
export async function bench(args: readonly string[]): Promise<BenchResult> {
  const rounds = option(args, "rounds", 200);
  const contracts = Object.values(CLUSTER_CONTRACTS);
  const made = contracts.map((document) => {
    const input = clusterInput([
      clusterRevision(document, 2),
      clusterRevision(document, 1, { role: "warm", percent: 0 }),
    ]);
    return { document, input, objects: compileManifests(input).manifests.map(objectOf) };
  });
  const times: Record<"specification" | "manifests" | "yaml" | "copy", number[]> = {
    specification: [],
    manifests: [],
    yaml: [],
    copy: [],
  };
  const timed = <T>(into: number[], work: () => T): T => {
    const start = performance.now();
    const result = work();
    into.push(performance.now() - start);
    return result;
  };
  let bytes = 0;
  for (let round = 0; round < rounds; round++) {
    for (const { document, input, objects } of made) {
      const [serving, warm] = timed(times.specification, () => [
        clusterRevision(document, 2),
        clusterRevision(document, 1, { role: "warm", percent: 0 }),
      ]);
      const revisions = serving && warm ? [serving, warm] : [];
      const { manifests } = timed(times.manifests, () => compileManifests({ ...input, revisions }));
      bytes += timed(times.yaml, () => yamlOfAll(manifests)).length;
      timed(times.copy, () => JSON.parse(JSON.stringify(objects)));
    }
  }
  return report(times, bytes / (rounds * made.length));
}

function report(times: Record<"specification" | "manifests" | "yaml" | "copy", number[]>, bytes: number): BenchResult {
  const [specification, manifests] = [median(times.specification), median(times.manifests)];
  const [yaml, copy] = [median(times.yaml), median(times.copy)];
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  return {
    table: [
      ["one endpoint, two revisions", "median"],
      ["contracts to specifications", ms(specification)],
      ["specifications to objects", ms(manifests)],
      [`objects to YAML (${Math.round(bytes / 1024)} KiB)`, ms(yaml)],
      ["a copy of the objects by JSON", ms(copy)],
    ],
    result: {
      compileMs: rounded(specification + manifests),
      withYamlMs: rounded(specification + manifests + yaml),
      ratioToCopy: rounded((specification + manifests) / copy, 1),
    },
  };
}
