import type { ContractInterface } from "@/lib/contracts/document";
import type { ModelSchema } from "@/lib/registry/model-schema";

/**
 * Why a model's inputs and outputs do not fit what the contract promises its callers; empty: they fit. Features must have the same
 * names in the same order over all inputs; the output must exist, hold numbers, and have the column.
 */
export function interfaceProblems(contract: ContractInterface, model: ModelSchema): readonly string[] {
  return [...featureProblems(contract, model), ...outputProblems(contract, model)];
}

function featureProblems(contract: ContractInterface, model: ModelSchema): string[] {
  const unnamed = model.inputs.find(({ features }) => features === undefined);
  if (unnamed) return [`The input ${unnamed.name} does not name its features.`];
  const wanted = contract.features.map(({ name }) => name);
  const offered = model.inputs.flatMap(({ features }) => features ?? []);
  const lacking = wanted.filter((name) => !offered.includes(name));
  const extra = offered.filter((name) => !wanted.includes(name));
  const found: string[] = [];
  if (lacking.length > 0) found.push(`The model does not take ${listOf(lacking)}, which the contract names.`);
  if (extra.length > 0) found.push(`The model wants ${listOf(extra)}, which the contract does not name.`);
  if (found.length > 0) return found;
  if (wanted.length !== offered.length) return ["The model takes a feature more than once."];
  const at = wanted.findIndex((name, index) => name !== offered[index]);
  return at < 0 ? [] : [`Column ${at + 1} is ${offered[at]} in the model and ${wanted[at]} in the contract.`];
}

function outputProblems({ output }: ContractInterface, model: ModelSchema): string[] {
  const tensor = model.outputs.find(({ name }) => name === output.name);
  if (!tensor) {
    const names = model.outputs.map(({ name }) => name).join(", ");
    return [`The model has no output ${output.name} (it has ${names}).`];
  }
  if (tensor.datatype === "BYTES" || tensor.datatype === "BOOL") {
    return [`The output ${output.name} is ${tensor.datatype}, not a number.`];
  }
  // Without a second axis a row has one value.
  const width = tensor.shape.length < 2 ? 1 : (tensor.shape.at(-1) ?? 1);
  return width !== -1 && output.index >= width
    ? [`The output ${output.name} has ${width} columns; the contract reads column ${output.index} (counted from 0).`]
    : [];
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
