// What a clean clone lacks: packages, the generated database client, the built portal. Plain JavaScript, runs without node_modules.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { linkCommand } from "./link-command.mjs";
import { stage } from "./progress.mjs";
import { StartError } from "./start-error.mjs";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

const OLDEST_NODE = [20, 19];
const TAIL = 30;
const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new StartError(`Node.js ${OLDEST_NODE.join(".")} or newer is needed; this is ${process.versions.node}.`);
}

/** @param {string} name */
const at = (name) => path.join(ROOT, name);

/**
 * A digest of files and folders, by path and content; tests do not count.
 * @param {readonly string[]} names
 */
function digestOf(names) {
  const hash = createHash("sha256");
  /** @param {string} name */
  const add = (name) => {
    if (!existsSync(at(name)) || /\.test\.tsx?$/.test(name)) return;
    if (statSync(at(name)).isDirectory()) {
      for (const entry of readdirSync(at(name)).sort()) add(`${name}/${entry}`);
    } else {
      hash
        .update(`${name}\0`)
        .update(readFileSync(at(name)))
        .update("\0");
    }
  };
  for (const name of names) add(name);
  return hash.digest("hex");
}

/** @param {string} file */
const stampIn = (file) => (existsSync(at(file)) ? readFileSync(at(file), "utf8") : undefined);

/**
 * Runs a command to its end; throws with its last lines when it fails.
 * @param {string} what
 * @param {readonly [string, ...string[]]} command
 * @param {(line: string) => void} tell
 */
async function run(what, command, tell) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  const child = spawn(command[0], command.slice(1), {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  /** @type {string[]} */
  const tail = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on("line", (line) => {
      if (!line.trim()) return;
      tail.push(line);
      if (tail.length > TAIL) tail.shift();
      tell(line.trim().slice(0, 100));
    });
  }
  const end = () => child.kill();
  for (const signal of SIGNALS) process.on(signal, end);
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  for (const signal of SIGNALS) process.off(signal, end);
  if (child.signalCode) throw new StartError(`${what} was broken off.`);
  if (code !== 0) throw new StartError(`${what} failed:\n${tail.join("\n")}`);
}

const npm = () =>
  /** @type {[string, ...string[]]} */ (
    process.env.npm_execpath?.endsWith(".js") ? [process.execPath, process.env.npm_execpath] : ["npm"]
  );

const INSTALLED = "node_modules/.proviso-installed";
const GENERATED = "node_modules/.proviso-generated";
const BUILT = ".next/standalone/.proviso-built";
/** Everything that the build reads. */
const SOURCES = [
  ..."app components lib public prisma/schema".split(" "),
  ..."instrumentation.ts next.config.js package-lock.json postcss.config.js proxy.ts tsconfig.json".split(" "),
];

function isInstalled(/** @type {string} */ digest) {
  const stamp = stampIn(INSTALLED);
  if (stamp !== undefined) return stamp === digest;
  // Installed by hand, without a stamp: npm writes this file last.
  const made = at("node_modules/.package-lock.json");
  return existsSync(made) && statSync(made).mtimeMs >= statSync(at("package-lock.json")).mtimeMs;
}

/** Packages of the first level that this machine gets: not those for other systems, as far as the lockfile tells. */
function packagesWanted() {
  /** @type {{ packages: Record<string, { os?: string[], cpu?: string[], libc?: string[] }> }} */
  const lock = JSON.parse(readFileSync(at("package-lock.json"), "utf8"));
  const isWanted = (/** @type {string} */ name) => {
    const { os = [process.platform], cpu = [process.arch], libc = [] } = lock.packages[name] ?? {};
    const fits = os.includes(process.platform) && cpu.includes(process.arch) && !libc.includes("musl");
    return fits && /^node_modules\/(@[^/]+\/)?[^/]+$/.test(name);
  };
  return Object.keys(lock.packages).filter(isWanted).length;
}

function packagesThere() {
  if (!existsSync(at("node_modules"))) return 0;
  const names = readdirSync(at("node_modules")).filter((name) => !name.startsWith("."));
  const inScope = (/** @type {string} */ name) =>
    name.startsWith("@") ? readdirSync(at(`node_modules/${name}`)).length : 1;
  return names.reduce((sum, name) => sum + inScope(name), 0);
}

/** `npm ci` when the packages are missing or not those of the lockfile. */
export async function installPackages() {
  const digest = digestOf(["package-lock.json"]);
  if (isInstalled(digest)) return linkCommand(ROOT);
  await stage("install", async (tell) => {
    const wanted = packagesWanted();
    const timer = setInterval(() => tell(`npm ci, ${Math.min(packagesThere(), wanted)} of ${wanted} packages`), 1_000);
    await run("npm ci", [...npm(), "ci", "--no-audit"], () => undefined).finally(() => clearInterval(timer));
    tell(`${packagesThere()} packages`);
  });
  writeFileSync(at(INSTALLED), digest);
}

/** The database client, when the schema has changed since it was generated. */
export async function generateClient() {
  const digest = digestOf(["prisma/schema", "prisma/generate.mjs"]);
  if (stampIn(GENERATED) === digest && existsSync(at("prisma/generated"))) return;
  await stage("generate", async (tell) => {
    await run("prisma generate", [process.execPath, "prisma/generate.mjs"], () => undefined);
    tell("database client");
  });
  writeFileSync(at(GENERATED), digest);
}

/**
 * `next build`, with what its standalone server needs beside it.
 * @param {{ force?: boolean }} [options]
 */
export async function buildPortal({ force = false } = {}) {
  const digest = digestOf(SOURCES);
  if (!force && stampIn(BUILT) === digest) return;
  await stage("build", async (tell) => {
    rmSync(at(".next/standalone"), { recursive: true, force: true });
    await run("next build", [process.execPath, at("node_modules/next/dist/bin/next"), "build"], tell);
    mkdirSync(at(".next/standalone/.next"), { recursive: true });
    cpSync(at(".next/static"), at(".next/standalone/.next/static"), { recursive: true });
    if (existsSync(at("public"))) cpSync(at("public"), at(".next/standalone/public"), { recursive: true });
    tell("portal built");
  });
  writeFileSync(at(BUILT), digest);
}
