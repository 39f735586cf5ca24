import type { ContractDocument } from "@/lib/contracts/document";
import { failureLines } from "@/lib/contracts/failure-words";
import { ContractLines } from "./contract-lines";

/** What callers get when the model cannot answer, a line for each part. */
export function ContractFailure({ failureMode }: { readonly failureMode: ContractDocument["failureMode"] }) {
  const aside = failureMode ? "what callers get" : "not stated: this is what callers get";
  return <ContractLines title="Failure mode" aside={aside} lines={failureLines(failureMode ? { failureMode } : {})} />;
}
