import { z } from "zod";
import { contractState } from "@/lib/contracts/contract-state";
import { contractDocument } from "@/lib/contracts/document";

/** A contract under which a version can be measured: their interfaces fit. */
export const fittingContract = z.object({
  useCase: z.string(),
  number: z.number().int(),
  state: contractState,
  /** Null: a draft. */
  digest: z.string().nullable(),
  document: contractDocument,
});
export type FittingContract = z.output<typeof fittingContract>;
export const fittingContracts = z.object({ items: z.array(fittingContract) });
