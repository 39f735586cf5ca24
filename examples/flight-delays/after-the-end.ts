import { setTimeout as sleep } from "node:timers/promises";
import { PointInTimeFeatures } from "./features";
import type { Flights } from "./flights";
import { InferenceClient } from "./inference-client";
import type { Product } from "./replay-session";
import { type AskedRequest, inferenceBody, requestsOf } from "./schedule";
import { TENSORS } from "./settings";

const PAUSE_MS = 50;
const KEPT = 500;

/**
 * When the data have ended, goes on asking single rows of the last flights, 20 a second, so that latency and availability are
 * still measured. They carry no event time: on an endpoint with the clock of the data they count for nothing else.
 */
export async function keepAsking(flights: Flights, product: Product, signal: AbortSignal): Promise<void> {
  const requests = lastSingles(flights);
  const client = new InferenceClient(2);
  let away = false;
  for (let n = 0; !signal.aborted; n++) {
    const request = requests[n % requests.length];
    if (!request) return;
    const id = `after-${Date.now()}-${n}`;
    const reason = await ask(client, product, inferenceBody({ ...request, id }, TENSORS, { eventTime: false }), away);
    if (reason && !away) product.say(`the endpoint does not answer (${reason})`);
    away = reason !== undefined;
    await sleep(away ? 1000 : PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
  client.close();
}

/** @returns why there was no answer, or nothing */
async function ask(
  client: InferenceClient,
  product: Product,
  body: string,
  renew: boolean,
): Promise<string | undefined> {
  try {
    const { url, token } = await product.access(renew);
    const attempt = await client.post(url, token, body);
    return attempt.result === "answered" ? undefined : attempt.reason;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function lastSingles(flights: Flights): AskedRequest[] {
  const kept: AskedRequest[] = [];
  for (const request of requestsOf(flights, new PointInTimeFeatures(flights))) {
    if (request.flights.length > 1) continue;
    kept.push(request);
    if (kept.length > KEPT) kept.shift();
  }
  return kept;
}
