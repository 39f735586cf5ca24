import { z } from "zod";
import type { Clause } from "@/lib/contracts/document";

/** A value of the compiled specification and the clause that asks for it (`identity`: what is served; `interface`; `serving`; `failureMode`). */
export const specLeaf = z.strictObject({
  /** Dotted path, for example `limits.ceiling.requestsPerSecond`. */
  path: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.union([z.string(), z.number()]))]),
  clause: z.string(),
});
export type SpecLeaf = z.output<typeof specLeaf>;

/** What a target cannot express or measure: blocks the signature of that clause. */
export const cannot = z.strictObject({ clause: z.string(), reason: z.string(), fix: z.string() });
export type Cannot = z.output<typeof cannot>;

/** Target-independent, deterministic, byte-stable: the leaves are sorted by path. */
export const servingSpec = z.strictObject({ leaves: z.array(specLeaf), cannot: z.array(cannot) });
export type ServingSpec = z.output<typeof servingSpec>;

/** What a serving target offers. */
export type Capabilities = {
  readonly target: "local" | "kubernetes";
  readonly tiers: readonly ("cpu" | "gpu" | "edge")[];
  readonly probes: readonly Exclude<Clause["probe"], "none">[];
  readonly maxRows: number;
  readonly datatypes: readonly string[];
};
