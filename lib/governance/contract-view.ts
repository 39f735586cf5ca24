import { z } from "zod";
import { type ContractState, contractState } from "@/lib/contracts/contract-state";
import { contractDocument } from "@/lib/contracts/document";
import { contractRef, documentProblem, partDifference } from "@/lib/contracts/schema";
import { signatureSlot } from "@/lib/governance/contract-signing";
import { candidate } from "@/lib/governance/evidence-run";
import { servingSpec, specLeaf } from "@/lib/serving/schema";
import { text } from "@/lib/text";

/**
 * What a version means today. `signed`: not in force, the one before governs until a revision under it serves; `replaced`: a
 * later version is in force.
 */
export const standing = z.enum(["draft", "submitted", "signed", "in_force", "replaced", "withdrawn"]);
export type Standing = z.output<typeof standing>;

/** `highestInForce`: the highest version under which any endpoint of the use case serves; null: none. */
export function standingOf(
  contract: { readonly state: ContractState; readonly number: number; readonly inForce: boolean },
  highestInForce: number | null,
): Standing {
  if (contract.state !== "signed") return contract.state;
  if (contract.inForce) return "in_force";
  return highestInForce !== null && highestInForce > contract.number ? "replaced" : "signed";
}

export const signContractInput = contractRef.extend({
  /** The digest that was shown: what is signed. */
  digest: z
    .string()
    .trim()
    .toLowerCase()
    .transform((value) => value.replace(/^sha256:/, ""))
    .pipe(z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits: the digest that the contract page shows")),
  /** Needed only by a person who has several of the roles. */
  slot: signatureSlot.optional(),
  comment: text({ max: 2000 }).optional(),
  /** A version that is meant to serve under it: its measured curve must not show that the contract cannot be kept. */
  candidate: candidate.optional(),
});
export const submitContractInput = contractRef.extend({
  /** When given: the revision that the submitter saw; another one is refused. */
  revision: z.coerce.number().int().min(1).optional(),
  candidate: candidate.optional(),
});
export const planContractInput = contractRef.extend({
  /** The version to compare with; unless told, the one in force, else the one signed before. */
  against: z.coerce.number().int().min(1).optional(),
});

export const signature = z.object({
  slot: signatureSlot,
  email: z.string(),
  digest: z.string(),
  comment: z.string().nullable(),
  signedAt: z.iso.datetime(),
});

/** After submitting or signing: who signed, and which slots are open. */
export const signingStatus = z.object({
  useCase: z.string(),
  number: z.number().int(),
  state: contractState,
  digest: z.string(),
  signatures: z.array(signature),
  missing: z.array(signatureSlot),
});
export type SigningStatus = z.output<typeof signingStatus>;

export const contractSummary = z.object({
  useCase: z.string(),
  number: z.number().int(),
  state: contractState,
  standing,
  /** SHA-256 of the canonical document; null while it is a draft. */
  digest: z.string().nullable(),
  revision: z.number().int(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  updatedBy: z.string(),
  updatedAt: z.iso.datetime(),
  submittedAt: z.iso.datetime().nullable(),
  signedAt: z.iso.datetime().nullable(),
  signatures: z.array(signature),
  /** Endpoints whose serving revision is under this version. */
  inForceOn: z.array(z.string()),
});
export type ContractSummary = z.output<typeof contractSummary>;

export const contractView = contractSummary.extend({
  document: contractDocument,
  /** What must be put right before a draft can be submitted. */
  problems: z.array(documentProblem).readonly(),
  /** Open slots, and persons (at most five) who could sign there. */
  missing: z.array(z.object({ slot: signatureSlot, people: z.array(z.string()) })),
  /** What the caller may do about it: the slots open to them, or why there is none. */
  signing: z.object({ slots: z.array(signatureSlot), reason: z.string().nullable() }),
});
export type ContractView = z.output<typeof contractView>;

export const leafChange = z.object({
  path: z.string(),
  before: specLeaf.shape.value.optional(),
  after: specLeaf.shape.value.optional(),
});
export const contractPlan = z.object({
  useCase: z.string(),
  number: z.number().int(),
  target: z.string(),
  /** Every line of the specification with its clause, and what the target cannot do: that blocks the signature. */
  spec: servingSpec,
  problems: z.array(documentProblem).readonly(),
  /** The version that it is compared with; null: there is none. */
  against: z.object({ number: z.number().int(), standing }).nullable(),
  documentDifference: z.array(partDifference).readonly(),
  specDifference: z.array(z.object({ clause: z.string(), changes: z.array(leafChange).readonly() })).readonly(),
});
export type ContractPlan = z.output<typeof contractPlan>;
