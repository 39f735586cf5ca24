import { z } from "zod";

const digest = z.string();

/** Everything a decision rests on, by digest. What people approve is the digest of this object (RFC 8785, SHA-256). */
export const promotionInputs = z.strictObject({
  contract: z.strictObject({ number: z.int(), digest: digest.nullable(), state: z.string(), id: z.string() }),
  version: z.strictObject({ model: z.string(), number: z.int(), digest, state: z.string() }),
  /** Sorted by kind, then id. */
  evidence: z.array(z.strictObject({ kind: z.string(), id: z.string(), digest })),
  endpoint: z.strictObject({
    name: z.string(),
    environment: z.string(),
    tier: z.string(),
    target: z.string(),
    /** Of target kubernetes. */
    cluster: z.string().optional(),
    clock: z.string(),
  }),
  /** The revision that answers now; null: none. */
  incumbent: z.strictObject({ revision: z.string(), specDigest: digest }).nullable(),
  /** Of the specification compiled from contract and version. */
  specDigest: digest,
});
export type PromotionInputs = z.output<typeof promotionInputs>;

/** The inputs in their canonical order: the order of the evidence in `parts` does not matter. */
export function promotionInputsOf(parts: PromotionInputs): PromotionInputs {
  const byKind = (a: { kind: string; id: string }, b: { kind: string; id: string }) =>
    a.kind < b.kind || (a.kind === b.kind && a.id < b.id) ? -1 : 1;
  const { contract, version, endpoint, incumbent, specDigest } = parts;
  const evidence = parts.evidence.map(({ kind, id, digest: sha }) => ({ kind, id, digest: sha })).sort(byKind);
  return { contract, version, evidence, endpoint, incumbent, specDigest };
}

export const inputChange = z.object({
  /** Dotted, for example `contract.digest` or `evidence.evaluation`. */
  path: z.string(),
  before: z.union([z.string(), z.number(), z.null()]),
  after: z.union([z.string(), z.number(), z.null()]),
});
export type InputChange = z.output<typeof inputChange>;

type Leaf = string | number | null;

/** What changed between what was approved and what holds now, by path. Empty: the same inputs. Null stands for "not there". */
export function inputsDifference(before: PromotionInputs, after: PromotionInputs): readonly InputChange[] {
  const old = leavesOf(before);
  const now = leavesOf(after);
  const paths = [...new Set([...old.keys(), ...now.keys()])];
  return paths.flatMap((path) => {
    const change = { path, before: old.get(path) ?? null, after: now.get(path) ?? null };
    return change.before === change.after ? [] : [change];
  });
}

function leavesOf(inputs: PromotionInputs): ReadonlyMap<string, Leaf> {
  const { contract, version, endpoint, incumbent, evidence, specDigest } = inputs;
  const leaves = new Map<string, Leaf>();
  const groups: Readonly<Record<string, Readonly<Record<string, Leaf | undefined>>>> = {
    contract,
    version,
    endpoint,
    incumbent: incumbent ?? {},
  };
  for (const [group, values] of Object.entries(groups)) {
    for (const [key, value] of Object.entries(values)) {
      if (value !== undefined) leaves.set(`${group}.${key}`, value);
    }
  }
  for (const { kind, id, digest: sha } of evidence) {
    const seen = leaves.has(`evidence.${kind}`);
    leaves.set(seen ? `evidence.${kind}.${id}` : `evidence.${kind}`, `${id} ${sha}`);
  }
  return leaves.set("specDigest", specDigest);
}
