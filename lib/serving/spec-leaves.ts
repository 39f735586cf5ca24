import type { Clause, ContractDocument, Feature } from "@/lib/contracts/document";
import { driftTestOf } from "@/lib/contracts/drift-test";
import type { SpecLeaf } from "@/lib/serving/schema";

/** Bounds of the latency histogram in milliseconds beside the signed ones. */
const USUAL_BOUNDS_MS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500];

/** One second of traffic may come at once: a caller with a steady rate below the ceiling never sees a 429. */
const BURST_SECONDS = 1;

type Value = SpecLeaf["value"];
type Values = Readonly<Record<string, Value>>;

/** Leaves with one origin: the id of a clause, or a part of the contract. */
export function tagged(clause: string, values: Values): SpecLeaf[] {
  return Object.entries(values).map(([path, value]) => ({ path, value, clause }));
}

/** Every value below an object by its dotted path; what is absent gives none, null and lists are values. */
function flat(path: string, value: object): Values {
  const entries = Object.entries(value).flatMap(([key, item]: [string, Value | object | undefined]) => {
    const below = `${path}.${key}`;
    if (item === undefined) return [];
    const isLeaf = item === null || typeof item !== "object" || Array.isArray(item);
    return isLeaf ? [[below, item as Value] as const] : Object.entries(flat(below, item));
  });
  return Object.fromEntries(entries);
}

/** What a request carries. The declaration of each feature is part of it where the contract says more of one than type and range. */
export function interfaceLeaves({ interface: shape }: ContractDocument): SpecLeaf[] {
  return tagged("interface", {
    "interface.task": shape.task,
    "interface.features": shape.features.map(({ name }) => name),
    "interface.featureTime": shape.featureTime,
    "interface.output.name": shape.output.name,
    "interface.output.index": shape.output.index,
    "interface.output.threshold": shape.output.threshold,
    ...(declaresMore(shape.features) ? featureValues(shape.features) : {}),
  });
}

const declaresMore = (features: readonly Feature[]) =>
  features.some(({ missing, calendar }) => missing !== undefined || calendar !== undefined);

function featureValues(features: readonly Feature[]): Values {
  const each = features.map(({ name, type, min, max, missing = "refused", calendar }) =>
    flat(`interface.feature.${name}`, { type, min, max, missing, calendar }),
  );
  return Object.assign({}, ...each);
}

export function servingLeaves({ serving }: ContractDocument): SpecLeaf[] {
  return tagged("serving", {
    "placement.target": serving.target,
    "placement.tier": serving.tier,
    "limits.maxRows": serving.maxRows,
    "limits.deadlineMs": serving.deadlineMs,
    "latency.boundsMs.usual": USUAL_BOUNDS_MS,
    "auth.required": true,
    ...(serving.placement && flat("placement", serving.placement)),
  });
}

/** How a new revision takes over. A contract without the section gives none. */
export function rolloutLeaves({ rollout }: ContractDocument): SpecLeaf[] {
  if (!rollout) return [];
  const { steps, ...rest } = rollout;
  const each = steps.map((step, i) => flat(`rollout.steps.${i}`, step));
  return tagged("rollout", Object.assign(flat("rollout", rest), ...each));
}

/** What answers when the model cannot. A contract without the section gives none. */
export function failureLeaves({ failureMode }: ContractDocument): SpecLeaf[] {
  return failureMode ? tagged("failureMode", flat("failure", failureMode)) : [];
}

/** What a clause asks of the gateway, and the rule that evaluates it: under its own id, whatever the other clauses say. */
export function clauseLeaves(clause: Clause, { interface: shape }: ContractDocument): SpecLeaf[] {
  const declaration = needsDeclaration(clause) && !declaresMore(shape.features) ? featureValues(shape.features) : {};
  return tagged(clause.id, { ...declaration, ...gatewayValues(clause), ...ruleValues(clause) });
}

/** These count rows that break the declaration: without it nothing would be counted, and nothing would look like a promise kept. */
function needsDeclaration({ metric }: Clause): boolean {
  return metric === "out_of_range_ratio" || metric === "type_change_ratio";
}

function gatewayValues(clause: Clause): Values {
  if (clause.kind === "latency") return { [`latency.boundsMs.${clause.id}`]: clause.target };
  if (clause.kind === "throughput") {
    return {
      "limits.ceiling.requestsPerSecond": clause.target,
      "limits.ceiling.burst": Math.max(1, Math.ceil(clause.target * BURST_SECONDS)),
    };
  }
  const { onStale } = clause;
  if (clause.kind !== "freshness" || onStale === undefined || onStale === "answer") return {};
  return { "stale.afterMs": clause.target * 1000, "stale.action": onStale };
}

function ruleValues(clause: Clause): Values {
  return flat(`rules.${clause.id}`, {
    metric: clause.metric,
    promise: clause.direction,
    target: clause.target,
    atRisk: clause.atRisk,
    unit: clause.unit,
    probe: clause.probe,
    rows: [clause.population.minRows, clause.population.maxRows],
    clock: clause.clock,
    windowSeconds: clause.windowSeconds,
    labelDelaySeconds: clause.labelDelaySeconds,
    everySeconds: clause.cadenceSeconds,
    consecutive: clause.consecutive,
    minSamples: clause.minSamples,
    owner: clause.owner,
    slice: clause.slice,
    fallbacks: clause.fallbacks,
    onStale: clause.onStale,
    drift: clause.metric === "drifted_features" ? driftTestOf(clause) : clause.drift,
  });
}
