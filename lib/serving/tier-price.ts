import { z } from "zod";
import type { ContractDocument, GpuShape } from "@/lib/contracts/document";
import { ceilingOf } from "@/lib/serving/feasibility";
import { gpuShareOf, shapesFor } from "@/lib/serving/gpu-shape";
import type { LoadCurve } from "@/lib/serving/load-curve";
import { type CorePrice, HOURS_PER_MONTH, monthlyPrice, monthlyPriceOf } from "@/lib/serving/price";
import { gpuMemoryGb, type TierFinding } from "@/lib/serving/tier-findings";

/** A price of the GPU: money for one whole GPU during one hour. */
export type GpuPrice = { readonly perGpuHour: number; readonly currency: string };

const money = z.strictObject({ amount: z.string(), currency: z.string() });

export const tierPrices = z.strictObject({
  /** Work done at the promised ceiling, all month long; null: the processor time is not known, or no ceiling is promised. */
  cpu: monthlyPrice.nullable(),
  /** Capacity that is reserved, all month long, whether it is used or not; null: no partition holds the model. */
  gpu: z
    .strictObject({
      /** `2 x 1g.10gb` */
      shape: z.string(),
      gpuHours: z.number().min(0),
      money: money.nullable(),
    })
    .nullable(),
  /** What the GPU costs more in a month; null: one of the two is not known. */
  difference: money.nullable(),
  words: z.string(),
});
export type TierPrices = z.output<typeof tierPrices>;

export type Prices = { readonly core: CorePrice | null; readonly gpu: GpuPrice | null };

type Asked = {
  readonly document: ContractDocument;
  readonly modelBytes: number;
  /** Of the processor; null: none. */
  readonly curve: LoadCurve | null;
  readonly gpu: TierFinding;
  readonly prices: Prices;
};

/** What a month costs on the processor and on a GPU under the contract. */
export function tierPricesOf(asked: Asked): TierPrices {
  const { document, curve, prices } = asked;
  const ceiling = ceilingOf(document);
  const step = curve?.steps.find(({ offeredPerSecond }) => offeredPerSecond >= (ceiling ?? 0)) ?? curve?.steps.at(-1);
  const cpu = ceiling === null ? null : monthlyPriceOf(ceiling, step?.cpuSecondsPer1000 ?? null, prices.core);
  const gpu = gpuMonth(asked);
  const difference = differenceOf(cpu?.money ?? null, gpu?.money ?? null);
  return { cpu, gpu, difference, words: wordsOf({ cpu, gpu, difference }, prices) };
}

function gpuMonth({ document, modelBytes, gpu, prices }: Asked): TierPrices["gpu"] {
  const stated = document.serving.placement?.gpu ?? null;
  const chosen = stated ? statedShape(stated) : smallestShape(modelBytes);
  if (!chosen) return null;
  const replicas = gpu.replicas ?? document.serving.placement?.replicas.min ?? 1;
  const gpuHours = replicas * chosen.share * HOURS_PER_MONTH;
  const { gpu: price } = prices;
  return {
    shape: `${replicas} x ${chosen.name}`,
    gpuHours,
    money: price && { amount: (gpuHours * price.perGpuHour).toFixed(2), currency: price.currency },
  };
}

type Share = { readonly name: string; readonly share: number };

function statedShape(shape: GpuShape): Share | null {
  const share = gpuShareOf(shape);
  if (share === null) return null;
  const name = shape.kind === "mig" ? shape.profile : share === 1 ? "one GPU" : `${share} GPUs`;
  return { name, share };
}

/** The smallest share of a GPU that holds the model, whatever the product. */
function smallestShape(modelBytes: number): Share | null {
  const offers = shapesFor(gpuMemoryGb(modelBytes)).map(({ profile, share }) => ({ name: profile, share }));
  return offers.reduce<Share | null>((least, each) => (least && least.share <= each.share ? least : each), null);
}

const NO_SHARE = "how much of a GPU it would get is not known";
const NO_WORK = "no load curve says what a request costs the processor, or no ceiling is promised";

type Money = z.output<typeof money> | null;

function differenceOf(cpu: Money, gpu: Money): Money {
  if (!cpu || !gpu || cpu.currency !== gpu.currency) return null;
  return { amount: (Number(gpu.amount) - Number(cpu.amount)).toFixed(2), currency: cpu.currency };
}

function wordsOf({ cpu, gpu, difference }: Omit<TierPrices, "words">, prices: Prices): string {
  const basis = "The processor is counted by its work at the promised ceiling, a GPU by what is reserved.";
  if (difference) {
    const isDearer = Number(difference.amount) >= 0;
    const amount = difference.amount.replace("-", "");
    return `On a GPU a month costs ${amount} ${difference.currency} ${isDearer ? "more" : "less"}. ${basis}`;
  }
  if (!cpu || !gpu) return `The prices cannot be compared: ${cpu ? NO_SHARE : NO_WORK}.`;
  const unset = [prices.core ? [] : ["PRICE_CPU_CORE_HOUR"], prices.gpu ? [] : ["PRICE_GPU_HOUR"]].flat();
  const why =
    unset.length > 0 ? `${unset.join(" and ")} ${unset.length === 1 ? "is" : "are"} not set` : "two currencies";
  return `In hours only: ${why}. ${basis}`;
}
