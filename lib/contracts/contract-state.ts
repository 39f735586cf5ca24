import { z } from "zod";

export const contractState = z.enum(["draft", "submitted", "signed", "withdrawn"]);
export type ContractState = z.output<typeof contractState>;

/** Everything that may happen to a contract. Signed and withdrawn are final: a change is a new version. */
export const TRANSITIONS: Readonly<Record<ContractState, readonly ContractState[]>> = {
  draft: ["submitted", "withdrawn"],
  submitted: ["signed", "withdrawn"],
  signed: [],
  withdrawn: [],
};

/** Whether a contract in `from` may become `to`. */
export function mayBecome(from: ContractState, to: ContractState): boolean {
  return TRANSITIONS[from].includes(to);
}

/** The state of a stored row; a state that the code does not know is a defect, not an answer. */
export function toContractState(state: string): ContractState {
  return contractState.parse(state);
}

/** Whether the document may still be edited. */
export function isEditable(state: ContractState): boolean {
  return state === "draft";
}
