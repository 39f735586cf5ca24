import { z } from "zod";
import { shapesFor } from "@/lib/serving/gpu-shape";
import {
  cpuFinding,
  curveOf,
  edgeFinding,
  gpuFinding,
  gpuMemoryGb,
  type TierFacts,
  type TierFinding,
} from "@/lib/serving/tier-findings";
import { type Prices, tierPrices, tierPricesOf } from "@/lib/serving/tier-price";

/** Which tier a version needs to keep a contract, as far as evidence shows it. */

const tierName = z.enum(["cpu", "gpu", "edge"]);

export const tierFinding = z.strictObject({
  tier: tierName,
  standing: z.enum(["keeps", "breaks", "unproven"]),
  reasons: z.array(z.string()),
  evidenceId: z.string().nullable(),
  replicas: z.number().int().nullable(),
});

const gpuOffer = z.strictObject({
  product: z.string(),
  profile: z.string(),
  memoryGb: z.number(),
  perGpu: z.number().int(),
  share: z.number(),
  starts: z.array(z.number().int()),
});

export const tierAdvice = z.strictObject({
  /** `unknown`: no evidence tells; `toMeasure` says what would. */
  tier: tierName.or(z.literal("unknown")),
  words: z.string(),
  findings: z.array(tierFinding),
  toMeasure: z.array(z.string()),
  /** GPU memory that a replica needs, in GB: an estimate from the size of the file. */
  gpuMemoryGb: z.number(),
  /** Partitions that hold it, one of each product. */
  shapes: z.array(gpuOffer),
  prices: tierPrices,
});
export type TierAdvice = z.output<typeof tierAdvice>;

/**
 * The tier of a version under a contract: the processor where its curve keeps the contract, a GPU where it does not and nothing rules a
 * GPU out, a device where the contract asks for one. Without a curve of the processor nothing is said. Pure.
 */
export function tierOf(facts: TierFacts, prices: Prices): TierAdvice {
  const [cpu, gpu, edge] = [cpuFinding(facts), gpuFinding(facts), edgeFinding(facts)];
  const needed = gpuMemoryGb(facts.modelBytes);
  const findings = [cpu, gpu, edge].map((each) => ({ ...each, reasons: [...each.reasons] }));
  const curve = curveOf(facts, "cpu")?.curve ?? null;
  const { document, modelBytes } = facts;
  return {
    ...choose(facts, cpu, gpu, edge),
    findings,
    toMeasure: missingOf(cpu, gpu, edge, facts),
    gpuMemoryGb: needed,
    shapes: shapesFor(needed).map((each) => ({ ...each, starts: [...each.starts] })),
    prices: tierPricesOf({ document, modelBytes, curve, gpu, prices }),
  };
}

function choose(facts: TierFacts, cpu: TierFinding, gpu: TierFinding, edge: TierFinding) {
  const { tier } = facts.document.serving;
  if (tier === "edge" && edge.standing !== "breaks") {
    return { tier: "edge" as const, words: "The contract asks for a device, and nothing rules one out." };
  }
  if (cpu.standing === "keeps") {
    return {
      tier: "cpu" as const,
      words: "The processor keeps the contract: a GPU would buy nothing that is promised.",
    };
  }
  if (gpu.standing === "keeps") {
    return { tier: "gpu" as const, words: "A GPU keeps the contract, and the processor does not." };
  }
  if (cpu.standing === "breaks" && gpu.standing === "unproven") {
    return {
      tier: "gpu" as const,
      words: "The processor does not keep the contract; whether a GPU does has to be measured.",
    };
  }
  if (cpu.standing === "breaks") {
    return {
      tier: "unknown" as const,
      words: "Neither the processor nor a GPU keeps the contract: promise less, or change the model.",
    };
  }
  return { tier: "unknown" as const, words: "No evidence tells which tier it needs." };
}

function missingOf(cpu: TierFinding, gpu: TierFinding, edge: TierFinding, { document, model }: TierFacts): string[] {
  const found: string[] = [];
  if (cpu.standing === "unproven") found.push("Measure the load that it bears on the processor, under this contract.");
  if (cpu.standing === "breaks" && gpu.standing === "unproven") {
    found.push("Measure it on a GPU, and hand in the report of perf_analyzer with --tier gpu.");
  }
  if (document.serving.tier === "edge" && edge.standing === "unproven") {
    found.push("Measure it on a device, and hand in the report with --tier edge.");
  }
  if (cpu.standing === "breaks" && model && !model.operators) {
    found.push("Register it again: its operators say whether a GPU can help.");
  }
  return found;
}
