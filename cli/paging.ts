import { type Call, option } from "./command";

/** Options of every list. */
export const PAGING = { limit: { type: "string" }, cursor: { type: "string" } } as const;

export function page(call: Call): { readonly limit: string | undefined; readonly cursor: string | undefined } {
  return { limit: option(call, "limit"), cursor: option(call, "cursor") };
}
