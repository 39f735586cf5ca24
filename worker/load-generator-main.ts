import { Connections } from "./load-connections";
import {
  type FromGenerator,
  type LoadOrder,
  type LoadResult,
  type LoadTarget,
  OUTCOMES,
  type ToGenerator,
} from "./load-messages";

/**
 * The program that offers a load, open loop: requests are due at constant intervals whatever the server does, and latency counts from
 * when they were due (no coordinated omission). In a process of its own, so that neither the worker nor the server waits for it.
 */
const LATE_MS = 2;
const UNANSWERED = OUTCOMES.indexOf("unanswered");

let target: LoadTarget | undefined;

process.on("message", (message: ToGenerator) => {
  if (message.type === "target") {
    target = message.target;
    send({ type: "ready" });
  } else if (target) {
    void run(target, message.order).then((result) => send({ type: "done", result }));
  }
});
// Also when the worker was killed: the channel closes with it.
process.on("disconnect", () => process.exit(0));

function send(message: FromGenerator): void {
  process.send?.(message);
}

function run(to: LoadTarget, { perSecond, seconds, graceMs }: LoadOrder): Promise<LoadResult> {
  const count = Math.max(1, Math.round(perSecond * seconds));
  const due = Float64Array.from({ length: count }, (_, k) => (k * 1000) / perSecond);
  const latency = new Float64Array(count);
  const behind = new Float64Array(count);
  const outcome = new Uint8Array(count).fill(UNANSWERED);
  const startedAt = Date.now();
  const start = performance.now();
  const since = (request: number) => performance.now() - start - (due[request] ?? 0);
  let lateSends = 0;
  let answers = 0;
  let next = 0;
  return new Promise((resolve) => {
    const connections = new Connections(
      to,
      (request) => {
        if (since(request) > LATE_MS) lateSends++;
      },
      (request, what) => {
        latency[request] = since(request);
        outcome[request] = OUTCOMES.indexOf(what);
        if (++answers === count) end();
      },
    );
    let limit: NodeJS.Timeout | undefined;
    const end = () => {
      clearTimeout(limit);
      connections.close();
      for (let k = 0; k < count; k++) if (outcome[k] === UNANSWERED) latency[k] = since(k);
      resolve({ startedAt, due, latency, outcome, lateSends, behind });
    };
    const tick = () => {
      const now = performance.now() - start;
      while (next < count && (due[next] ?? 0) <= now) {
        behind[next] = since(next);
        connections.send(next++);
      }
      if (next < count) setTimeout(tick, Math.max(0, (due[next] ?? 0) - now));
      else limit = setTimeout(end, graceMs);
    };
    tick();
  });
}
