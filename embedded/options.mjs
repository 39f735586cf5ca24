import path from "node:path";
import { parseArgs } from "node:util";
import { StartError } from "./start-error.mjs";

/**
 * @typedef {object} Options
 * @property {"demo" | "start" | "dev"} mode
 * @property {number} port of the portal
 * @property {string} dataDir absolute
 * @property {boolean} reset
 * @property {boolean} example
 */

const USAGE = `usage: npm run demo|dev, npm start   [-- options]
  --port N         port of the portal (3000)
  --data-dir DIR   where everything is kept (.proviso)
  --reset          delete that folder first
  --no-example     demo without the example`;

/** @param {string} text */
function portOf(text) {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new StartError(`--port wants a number from 1 to 65535, not "${text}".`);
}

/** @param {string[]} args */
function parsed(args) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string", default: "3000" },
        "data-dir": { type: "string", default: ".proviso" },
        reset: { type: "boolean", default: false },
        "no-example": { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

/**
 * Reads the command line. Throws StartError for what it does not know.
 * @param {readonly string[]} args
 * @returns {Options}
 */
export function readOptions(args) {
  const [mode, ...rest] = args;
  if (mode !== "demo" && mode !== "start" && mode !== "dev") throw new StartError(USAGE);
  const values = parsed(rest);
  return {
    mode,
    port: portOf(values.port),
    dataDir: path.resolve(values["data-dir"]),
    reset: values.reset,
    example: mode === "demo" && !values["no-example"],
  };
}
