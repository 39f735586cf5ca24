import type { ContractDocument } from "@/lib/contracts/document";
import { rolloutLines } from "@/lib/contracts/rollout-words";
import { ContractLines } from "./contract-lines";

/** How a new revision takes over, a line for each stage. */
export function ContractRollout({ rollout }: { readonly rollout: ContractDocument["rollout"] }) {
  const aside = rollout ? "how a new revision takes over" : "not stated: this is how it is done";
  return <ContractLines title="Rollout" aside={aside} lines={rolloutLines(rollout ? { rollout } : {})} />;
}
