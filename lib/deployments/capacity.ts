import { gpuResources } from "./gpu-resources";
import type { LiveObject, Node, Pod } from "./live-object";

type Ask = {
  readonly resource: string;
  /** Of each replica; all of them on one node. */
  readonly count: number;
  readonly replicas: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
};

type Predictor = {
  readonly minReplicas?: number;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly model?: { readonly resources?: { readonly limits?: Readonly<Record<string, string | number>> } };
};

/** What an InferenceService asks of GPUs; null: nothing. */
export function gpuAskOf(service: LiveObject): Ask | null {
  const { predictor } = (service.spec ?? {}) as { readonly predictor?: Predictor };
  const limits = Object.entries(predictor?.model?.resources?.limits ?? {});
  const found = limits.find(([name]) => /^(?:nvidia\.com|amd\.com|gpu\.intel\.com)\//.test(name));
  if (!found) return null;
  const [resource, count] = found;
  const { minReplicas = 1, nodeSelector = {} } = predictor ?? {};
  return { resource, count: Number(count), replicas: minReplicas, nodeSelector };
}

/** Names of holders in a sentence. */
const MOST_HOLDERS = 3;

/**
 * Whether a new revision finds its GPUs beside what runs: the one in service keeps its own until the new one answers, so what does not
 * fit beside it would wait for ever.
 * @returns null, or why it does not fit, with the fix
 */
export function capacityProblem(ask: Ask, nodes: readonly Node[], pods: readonly Pod[]): string | null {
  const { resource, count, replicas } = ask;
  const suited = nodes.filter((node) => suits(node, ask));
  const shares = suited.map((node) => {
    const [own] = gpuResources([node], podsOn(node, pods)).filter(({ name }) => name === resource);
    return own ?? { allocatable: 0, free: 0 };
  });
  const room = shares.reduce((sum, { free }) => sum + Math.floor(free / count), 0);
  if (room >= replicas) return null;
  const free = shares.reduce((sum, each) => sum + each.free, 0);
  const all = shares.reduce((sum, each) => sum + each.allocatable, 0);
  const wanted = `${replicas} ${replicas === 1 ? "replica" : "replicas"} of ${count} ${resource}`;
  if (all === 0) {
    const selector = Object.values(ask.nodeSelector).join(", ");
    return `it asks for ${wanted}, and no node${selector ? ` with ${selector}` : ""} has any; add one, or choose another GPU shape`;
  }
  const held = holders(suited, pods, resource);
  return (
    `it asks for ${wanted}, and of ${all} there are ${free} free, room for ${room}${held ? ` (held by ${held})` : ""}: ` +
    "the revision in service keeps its own until the new one answers; free some, add a node, or sign for fewer replicas"
  );
}

function suits({ metadata, spec }: Node, { nodeSelector }: Ask): boolean {
  if (spec?.unschedulable) return false;
  return Object.entries(nodeSelector).every(([label, value]) => metadata.labels?.[label] === value);
}

const podsOn = ({ metadata }: Node, pods: readonly Pod[]) =>
  pods.filter(({ spec }) => spec?.nodeName === metadata.name);

/** By revision, or by namespace and name. */
function holders(nodes: readonly Node[], pods: readonly Pod[], resource: string): string {
  const names = nodes
    .flatMap((node) => podsOn(node, pods))
    .filter(({ status }) => status?.phase !== "Succeeded" && status?.phase !== "Failed")
    .filter(({ spec }) => spec?.containers?.some(({ resources }) => resources?.limits?.[resource] !== undefined))
    .map(({ metadata }) => metadata.labels?.["proviso.dev/revision"] ?? `${metadata.namespace}/${metadata.name}`);
  const all = [...new Set(names)].sort();
  const more = all.length > MOST_HOLDERS ? ` and ${all.length - MOST_HOLDERS} more` : "";
  return `${all.slice(0, MOST_HOLDERS).join(", ")}${more}`;
}
