import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";

const current = new AsyncLocalStorage<{ readonly id: string }>();

/** Runs `work` under a request id: the caller's, if it is a sane one, else a new one. */
export function withRequest<T>(given: string | null | undefined, work: () => T): T {
  const id = given && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
  return current.run({ id }, work);
}

/** The id that log lines, audit events and error answers of this request carry. */
export function requestId(): string | undefined {
  return current.getStore()?.id;
}
