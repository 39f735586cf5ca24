import type { Clause, ContractDocument } from "@/lib/contracts/document";
import type { ModelSchema } from "@/lib/registry/model-schema";
import { placementLimits } from "@/lib/serving/placement-limits";
import type { Cannot, Capabilities, ServingSpec, SpecLeaf } from "@/lib/serving/schema";
import {
  clauseLeaves,
  failureLeaves,
  interfaceLeaves,
  rolloutLeaves,
  servingLeaves,
  tagged,
} from "@/lib/serving/spec-leaves";

/** The version that is to serve, and where: what a contract alone does not say. */
export type VersionIdentity = {
  readonly model: string;
  readonly version: number;
  /** SHA-256 of the ONNX file, 64 hexadecimal digits. */
  readonly modelDigest: string;
  readonly schema: Pick<ModelSchema, "inputs" | "outputs">;
  /** Name of the endpoint: what a token must be meant for. */
  readonly endpoint: string;
};

/**
 * The target-independent specification of a contract, with a version or without (a plan). Deterministic: leaves sorted by path,
 * then clause. A clause gives leaves under its own id or tag only, so taking it away takes exactly its leaves.
 * `cannot` lists what the target does not express or measure; a contract with any of them is not signed.
 */
export function compile(
  contract: ContractDocument,
  version: VersionIdentity | null,
  capabilities: Capabilities,
): ServingSpec {
  const leaves = [
    ...interfaceLeaves(contract),
    ...servingLeaves(contract),
    ...failureLeaves(contract),
    ...rolloutLeaves(contract),
    ...contract.clauses.flatMap((clause) => clauseLeaves(clause, contract)),
    ...(version ? identityLeaves(version) : []),
  ];
  return { leaves: leaves.sort(byPath), cannot: cannotOf(contract, version, capabilities) };
}

/** By code unit and not by locale: the same bytes on every machine. */
function byPath(a: SpecLeaf, b: SpecLeaf): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.clause < b.clause ? -1 : a.clause === b.clause ? 0 : 1;
}

function identityLeaves({ model, version, modelDigest, schema, endpoint }: VersionIdentity): SpecLeaf[] {
  const tensors = (side: "inputs" | "outputs") =>
    schema[side].map(({ name, datatype, shape }) => [`model.${side}.${name}`, `${datatype} [${shape.join(", ")}]`]);
  return tagged("identity", {
    "auth.audience": endpoint,
    "model.name": model,
    "model.version": version,
    "model.digest": modelDigest,
    ...Object.fromEntries([...tensors("inputs"), ...tensors("outputs")]),
  });
}

function cannotOf(contract: ContractDocument, version: VersionIdentity | null, capabilities: Capabilities): Cannot[] {
  const { serving } = contract;
  if (serving.target !== capabilities.target) {
    const reason = `the target ${serving.target} is not set up here`;
    const orElse = serving.target === "kubernetes" ? ", or register a cluster" : "";
    return [{ clause: "serving", reason, fix: `choose the target ${capabilities.target}${orElse}` }];
  }
  return [
    ...servingLimits(contract, capabilities),
    ...placementLimits(contract).map(({ reason, fix }) => ({ clause: "serving", reason, fix })),
    ...contract.clauses.flatMap((clause) => probeLimit(clause, capabilities)),
    ...(version ? tensorLimits(version, capabilities) : []),
  ];
}

function servingLimits({ serving, interface: shape }: ContractDocument, capabilities: Capabilities): Cannot[] {
  const { target, tiers, maxRows, datatypes } = capabilities;
  const found: Cannot[] = [];
  if (!tiers.includes(serving.tier)) {
    const reason = `the target ${target} has no ${serving.tier} tier`;
    found.push({ clause: "serving", reason, fix: `choose ${tiers.join(" or ")}` });
  }
  if (serving.maxRows > maxRows) {
    const reason = `the target ${target} takes at most ${maxRows} rows per request, not ${serving.maxRows}`;
    found.push({ clause: "serving", reason, fix: `set serving.maxRows to at most ${maxRows}` });
  }
  const category = shape.features.find(({ type }) => type === "category");
  if (category && !datatypes.includes("BYTES")) {
    const reason = `${category.name} is a category, and the target ${target} takes ${datatypes.join(", ")} tensors only`;
    found.push({ clause: "interface", reason, fix: "send its code as an integer feature" });
  }
  return found;
}

function probeLimit({ id, metric, probe }: Clause, { target, probes }: Capabilities): Cannot[] {
  if (probe === "none") {
    const reason = `nothing would measure ${metric}: the clause has no probe`;
    return [{ clause: id, reason, fix: "name its probe, or leave the clause out" }];
  }
  if (probes.includes(probe)) return [];
  const reason = `the target ${target} has no ${probe} probe, so ${metric} would never be measured`;
  return [{ clause: id, reason, fix: `use ${probes.join(", ")}, or leave the clause out` }];
}

function tensorLimits({ schema }: VersionIdentity, { target, datatypes }: Capabilities): Cannot[] {
  return schema.inputs
    .filter(({ datatype }) => !datatypes.includes(datatype))
    .map(({ name, datatype }) => ({
      clause: "identity",
      reason: `the input ${name} is ${datatype}; the target ${target} takes ${datatypes.join(", ")}`,
      fix: `export the model with ${datatypes.join(" or ")} inputs`,
    }));
}
