import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

const loader = createRequire(import.meta.url).resolve("tsx");

/** Node options under which a child process runs our TypeScript files, whatever its parent was started with. */
export const TYPESCRIPT = ["--import", pathToFileURL(loader).href];

/** The working directory of children: tsconfig.json with the import paths is found from here. */
export const ROOT = path.dirname(import.meta.dirname);

/** Starts a TypeScript file as a thread. In a thread the loader's `--import` does nothing on Node 20: it is registered by a call. */
export function startThread(file: URL, workerData: unknown): Worker {
  const api = pathToFileURL(path.join(path.dirname(loader), "esm/api/index.mjs")).href;
  const code = `import(${JSON.stringify(api)}).then(({ register }) => { register(); return import(${JSON.stringify(file.href)}); });`;
  return new Worker(code, { eval: true, workerData, execArgv: [] });
}
