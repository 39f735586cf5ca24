import { contractRef } from "@/lib/contracts/schema";
import { versionKey } from "@/lib/governance/evidence-run";

/** The version, and the contract that it is to keep. */
export const versionTierInput = versionKey.extend({ useCase: contractRef.shape.slug, contract: contractRef.shape.n });
