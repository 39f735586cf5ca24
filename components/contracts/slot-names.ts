import type { SignatureSlot } from "@/lib/governance/contract-signing";

/** What a signature slot is called. */
export const SLOT_NAMES: Readonly<Record<SignatureSlot, string>> = {
  owner: "Owner",
  sre: "SRE",
  governance: "Governance",
};
