import { z } from "zod";
import { ARCHETYPES, contractNumbers } from "@/lib/contracts/archetypes";
import { contractState } from "@/lib/contracts/contract-state";
import { contractDocument, contractInterface } from "@/lib/contracts/document";
import { pageInput } from "@/lib/page";
import { text } from "@/lib/text";

export const slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, "lower-case letters, digits and dashes, at most 63");

const contractNumber = z.coerce.number().int().min(1).max(1_000_000);

export const useCaseRef = z.object({ slug });
/** A contract version of a use case. */
export const contractRef = useCaseRef.extend({ n: contractNumber });

export const createUseCaseInput = z.object({
  slug,
  name: text({ min: 1, max: 120, missing: "give it a name" }),
  purpose: text({ min: 10, max: 2000, missing: "say in a sentence what the predictions are used for" }),
  team: text({ min: 1, max: 120, missing: "name the team" }),
  /** E-mail of a person with the role owner. */
  owner: z.email("the e-mail of a person with the role owner").max(200).toLowerCase(),
  costCentre: text({ min: 1, max: 60, missing: "name the cost centre that pays" }),
});

export const listUseCasesInput = pageInput.extend({
  /** Part of the name, slug, team or owner. */
  q: text({ max: 100 }).optional(),
});
export const listContractsInput = useCaseRef.extend(pageInput.shape);

const latestContract = z.object({ number: z.number().int(), state: contractState });

export const useCase = z.object({
  slug: z.string(),
  name: z.string(),
  purpose: z.string(),
  team: z.string(),
  owner: z.string(),
  costCentre: z.string(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  /** The version with the highest number, and the latest that is signed. */
  latestContract: latestContract.nullable(),
  signedContract: z.object({ number: z.number().int(), digest: z.string(), signedAt: z.iso.datetime() }).nullable(),
});
export type UseCase = z.output<typeof useCase>;

export const ownerCandidate = z.object({ email: z.string(), name: z.string() });
export type OwnerCandidate = z.output<typeof ownerCandidate>;

/** Where a new version comes from. `amendment`: the latest signed one; `copy`: version `of`, for example a withdrawn one. */
export const createContractInput = useCaseRef.and(
  z.discriminatedUnion("from", [
    z.object({ from: z.literal("document"), document: contractDocument }),
    z.object({
      from: z.literal("archetype"),
      archetype: z.enum(ARCHETYPES),
      purpose: contractDocument.shape.purpose,
      interface: contractInterface,
      numbers: contractNumbers.default({}),
    }),
    z.object({ from: z.literal("amendment") }),
    z.object({ from: z.literal("copy"), of: contractNumber }),
  ]),
);

export const updateDraftInput = contractRef.extend({
  /** The revision that the edit started from. */
  revision: z.coerce.number().int().min(1),
  document: contractDocument,
});

export const withdrawContractInput = contractRef.extend({ comment: text({ max: 2000 }).optional() });

export const documentProblem = z.object({ path: z.string(), message: z.string() });

export const fieldChange = z.object({
  path: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
export const partDifference = z.object({
  part: z.string(),
  kind: z.enum(["added", "removed", "changed"]),
  changes: z.array(fieldChange).readonly(),
});

/** Of a refused edit: who changed it meanwhile, what stands there now, and how it differs from what was sent. */
export const staleEdit = z.object({
  revision: z.number().int(),
  updatedBy: z.string(),
  updatedAt: z.iso.datetime(),
  document: contractDocument,
  difference: z.array(partDifference).readonly(),
});
export type StaleEdit = z.output<typeof staleEdit>;

/** A version as it is worked on: the answer of the commands on drafts. */
export const contractDraft = z.object({
  useCase: z.string(),
  number: z.number().int(),
  state: contractState,
  revision: z.number().int(),
  document: contractDocument,
  /** What must be put right before it can be submitted. */
  problems: z.array(documentProblem).readonly(),
});
export type ContractDraft = z.output<typeof contractDraft>;
