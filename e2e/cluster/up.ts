// Starts the test cluster and keeps it until SIGINT or SIGTERM. Prints `KUBECONFIG=<path>` on its output when it is ready.
// Usage: node --import tsx e2e/cluster/up.ts [--bin DIR] [--data DIR] [--no-kserve] [--gateway]
//   --bin DIR     what e2e/cluster/build.mjs filled (default: its default)
//   --data DIR    a new folder for state, logs and kubeconfigs (default: a temporary one, removed at the end)
//   --gateway     also Envoy Gateway and Envoy: one per machine
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { binFolder } from "./build.mjs";
import { startCluster } from "./start-cluster";

const { values } = parseArgs({
  options: {
    bin: { type: "string", default: binFolder() },
    data: { type: "string" },
    "no-kserve": { type: "boolean", default: false },
    gateway: { type: "boolean", default: false },
  },
});
const data = path.resolve(values.data ?? mkdtempSync(path.join(tmpdir(), "proviso-cluster-")));
const stopped = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
});

try {
  const cluster = await startCluster({
    bin: path.resolve(values.bin),
    data,
    kserve: !values["no-kserve"],
    gateway: values.gateway,
    tell: (line) => console.error(line),
  });
  console.log(`KUBECONFIG=${cluster.kubeconfig}`);
  try {
    await Promise.race([stopped, cluster.death]);
  } finally {
    await cluster.stop();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  if (!values.data) rmSync(data, { recursive: true, force: true });
}
