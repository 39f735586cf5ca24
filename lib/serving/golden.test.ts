import { describe, expect, test } from "vitest";
import { compileManifests } from "./compile-manifests";
import type { Compiled } from "./manifest-input";
import { yamlOfAll } from "./manifest-yaml";
import { CLUSTER_CONTRACTS, clusterInput, clusterRevision } from "./test-clusters";

// What six contracts compile to, byte for byte. After a change that is meant: npx vitest run lib/serving/golden.test.ts -u

/** One with a canary on its way beside the previous revision, the others with what serves alone. */
function compiled(name: string): Compiled {
  const document = CLUSTER_CONTRACTS[name];
  if (!document) throw new RangeError(`there is no contract ${name}`);
  if (!document.rollout) return compileManifests(clusterInput([clusterRevision(document, 2)]));
  const canary = clusterRevision(document, 3, { role: "canary", percent: 25 });
  return compileManifests(clusterInput([clusterRevision(document, 2, { percent: 75 }), canary]));
}

describe("manifests have the bytes of before", () => {
  test.each(Object.keys(CLUSTER_CONTRACTS))("of the contract %s", async (name) => {
    const { manifests, cannot, advice } = compiled(name);
    const notes = [...cannot, ...advice].map(({ clause, reason, fix }) => `# ${clause}: ${reason}; ${fix}\n`);
    await expect(`${notes.join("")}${yamlOfAll(manifests)}`).toMatchFileSnapshot(`golden/${name}.yaml`);
  });
});
