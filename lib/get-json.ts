import type { z } from "zod";

/** For the browser: reads an address of the portal and checks the answer. Throws the portal's own words where it refuses. */
export async function getJson<T extends z.ZodType>(path: string, schema: T, signal: AbortSignal): Promise<z.output<T>> {
  const response = await fetch(path, { signal, headers: { accept: "application/json" } });
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(messageOf(body) ?? `The portal answered ${response.status}.`);
  return schema.parse(body);
}

function messageOf(body: unknown): string | undefined {
  return typeof body === "object" && body !== null && "detail" in body ? String(body.detail) : undefined;
}
