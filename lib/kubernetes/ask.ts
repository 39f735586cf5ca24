import { errorOf, isPassing, KubeError } from "./kube-error";
import type { KubeRequest, KubeResponse, Transport } from "./transport";

export type Pace = {
  /** Resolves after so many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  /** Between 0 and 1: spreads those that try again. */
  readonly chance: () => number;
};

const PATIENCE_MS = 15_000;
const TRIES = 4;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

export const USUAL_PACE: Pace = { pause: (ms) => new Promise((done) => setTimeout(done, ms)), chance: Math.random };

type Question = Omit<KubeRequest, "signal">;
/** Gives the parsed body of a good answer; throws `KubeError` for any other. `subject`: what it is about, for a person. */
export type Ask = (subject: string, question: Question) => Promise<unknown>;

/** Asks again a few times when the server is busy, restarting or away: everything that we ask may be asked twice. */
export function asker(transport: Transport, { pause, chance }: Pace): Ask {
  return async (subject, question) => {
    for (let attempt = 1; ; attempt++) {
      const { value, error, retryAfterSeconds } = await tryOnce(transport, subject, question);
      if (error === null) return value;
      if (attempt >= TRIES || !isPassing(error)) throw error;
      const own = FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + chance());
      await pause(Math.min(retryAfterSeconds === null ? own : retryAfterSeconds * 1000, LONGEST_PAUSE_MS));
    }
  };
}

async function tryOnce(transport: Transport, subject: string, question: Question) {
  try {
    const { answer, text } = await whole(transport, { ...question, signal: AbortSignal.timeout(PATIENCE_MS) });
    const { status, retryAfterSeconds } = answer;
    if (status >= 200 && status < 300) return { value: JSON.parse(text) as unknown, error: null, retryAfterSeconds };
    return { value: null, error: errorOf(subject, status, text), retryAfterSeconds };
  } catch (error) {
    return { value: null, error: noAnswer(subject, error), retryAfterSeconds: null };
  }
}

async function whole(transport: Transport, request: KubeRequest) {
  const answer = await transport(request);
  return { answer, text: await answer.text() };
}

/** Opens an answer that is read line by line. Throws `KubeError` where it is none. */
export async function open(transport: Transport, subject: string, request: KubeRequest): Promise<KubeResponse> {
  const answer = await transport(request).catch((error: unknown) => {
    throw noAnswer(subject, error);
  });
  if (answer.status !== 200) throw errorOf(subject, answer.status, await answer.text());
  return answer;
}

function noAnswer(subject: string, error: unknown): KubeError {
  const why = error instanceof Error ? error.message : String(error);
  return new KubeError(`${subject}: the API server does not answer (${why})`, 0, "NoAnswer", [], { cause: error });
}

/** Null: it is not there (404), or another object of the name has taken its place (409 of a precondition). */
export async function orNull(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    // 409: another object of the name has taken its place.
    if (error instanceof KubeError && (error.status === 404 || error.reason === "Conflict")) return null;
    throw error;
  }
}
