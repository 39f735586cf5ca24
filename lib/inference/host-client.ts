import type { z } from "zod";
import { type Applied, applied, type DesiredState, type HostStatus, hostStatus } from "./desired-state";

/** Where a runtime host's admin interface listens, and what opens it. */
export type HostAccess = { readonly url: string; readonly token: string };

const PATIENCE_MS = 10_000;

/** `PUT /v1/state`: what the host is to hold. Throws with the host's words when it refuses or does not answer. */
export function putState(access: HostAccess, state: DesiredState): Promise<Applied> {
  return ask(access, applied, "PUT", "/v1/state", state);
}

/** `GET /v1/status`: what the host holds. Throws when it does not answer. */
export function getStatus(access: HostAccess): Promise<HostStatus> {
  return ask(access, hostStatus, "GET", "/v1/status");
}

async function ask<T extends z.ZodType>(
  access: HostAccess,
  schema: T,
  method: "GET" | "PUT",
  path: string,
  body?: unknown,
): Promise<z.output<T>> {
  const response = await fetch(new URL(path, access.url), {
    method,
    headers: {
      authorization: `Bearer ${access.token}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(PATIENCE_MS),
    redirect: "error",
  }).catch((error: unknown) => {
    throw new Error(`The runtime host at ${access.url} does not answer (${method} ${path}).`, { cause: error });
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`The runtime host refused ${method} ${path} with ${response.status}: ${text.slice(0, 500)}`);
  }
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    throw new Error(`The runtime host answered ${method} ${path} in another form than agreed.`, {
      cause: parsed.error,
    });
  }
  return parsed.data;
}
