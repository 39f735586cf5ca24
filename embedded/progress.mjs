// What a person sees while the product starts: one line per stage, with how far it is and how long it took.

const tty = process.stdout.isTTY === true;
const WIDTH = 12;
/** Without a terminal, a sign of life for a long stage. */
const QUIET_MS = 15_000;

/** @param {number} ms */
function seconds(ms) {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${tty ? "\r\x1b[2K" : ""}${line}\n`);
}

/**
 * Runs one stage. `tell` says how far it is.
 * @template T
 * @param {string} name
 * @param {(tell: (text: string) => void) => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function stage(name, work) {
  const started = performance.now();
  const label = name.padEnd(WIDTH);
  let now = "";
  let lastSaid = started;
  const show = () => {
    const elapsed = performance.now() - started;
    if (tty) process.stdout.write(`\r\x1b[2K${label} ${now}${now ? ", " : ""}${seconds(elapsed)}`.slice(0, 160));
    else if (performance.now() - lastSaid > QUIET_MS) {
      lastSaid = performance.now();
      say(`${label} … ${now}${now ? ", " : ""}${seconds(elapsed)}`);
    }
  };
  const timer = setInterval(show, 200);
  try {
    const result = await work((text) => {
      now = text;
      show();
    });
    clearInterval(timer);
    say(`${label} ${now || "done"}, ${seconds(performance.now() - started)}`);
    return result;
  } catch (error) {
    clearInterval(timer);
    say(`${label} failed after ${seconds(performance.now() - started)}`);
    throw error;
  }
}
