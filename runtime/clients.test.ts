import { execFile, spawnSync } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pythonCommand } from "./env";
import { TestHost } from "./test-host";

const python = pythonCommand();
const found = spawnSync(python, ["-c", "import tritonclient.http, kserve"], { encoding: "utf8" });
const missing = found.status === 0 ? null : (found.stderr?.trim().split("\n").at(-1) ?? `${python} is not installed`);
if (missing) process.stderr.write(`SKIPPED unmodified Python clients: ${missing} (PYTHON names another interpreter)\n`);

describe.skipIf(missing !== null)(`unmodified Python clients${missing ? ` (skipped: ${missing})` : ""}`, () => {
  let host: TestHost; // made here and not before: a skipped suite leaves no directory
  beforeAll(() => {
    host = new TestHost();
    return host.start();
  }, 60_000);
  afterAll(() => host.close());

  test("tritonclient and the KServe SDK read the same scores", async () => {
    const revision = host.revision("clients-r1", { features: 3 }, { featureTime: "required" });
    await host.apply(host.config("clients", 1, revision));
    const { url } = await host.ready("clients", "clients-r1");
    const script = path.join(import.meta.dirname, "clients.check.py");
    const args = [script, url ?? "", "clients", host.signer.sign({ aud: "clients" }), "3"];
    const { stdout } = await promisify(execFile)(python, args, { timeout: 60_000 });
    const { triton, kserve } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    expect(triton).toMatchObject({ live: true, ready: true, id: "triton-1", refused: "a bearer token is required" });
    expect(triton.inputs).toEqual([{ name: "features", datatype: "FP32", shape: [-1, 3] }]);
    expect(kserve).toMatchObject({ live: true, ready: true, id: "kserve-1" });
    expect(kserve.scores.flat()).toEqual(triton.scores.flat());
    expect(triton.scores).toHaveLength(2);
  }, 90_000);
});
