import type { ModelSchema } from "@/lib/registry/model-schema";

/** A tensor as the opened model has it: a free axis is its name (often empty). An empty shape says nothing. */
export type TensorFound = {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly (number | string)[];
};
type Declared = ModelSchema["inputs"][number];
type Opened = { readonly inputs: readonly TensorFound[]; readonly outputs: readonly TensorFound[] };

/** Where model.json and the model itself differ, in words; empty when they fit. Outputs that model.json leaves out are allowed. */
export function misfits(declared: ModelSchema, opened: Opened): string[] {
  const undeclared = opened.inputs.filter(({ name }) => !declared.inputs.some((input) => input.name === name));
  return [
    ...declared.inputs.flatMap((tensor) => [
      ...tensorMisfits("input", tensor, opened.inputs),
      ...featureMisfits(tensor),
    ]),
    ...declared.outputs.flatMap((tensor) => tensorMisfits("output", tensor, opened.outputs)),
    ...undeclared.map(({ name }) => `the model needs an input ${name} that model.json does not declare`),
  ];
}

function tensorMisfits(side: "input" | "output", declared: Declared, opened: readonly TensorFound[]): string[] {
  const { name } = declared;
  const found = opened.find((tensor) => tensor.name === name);
  if (!found) {
    const names = opened.map((tensor) => tensor.name).join(", ") || "none";
    return [`model.json declares an ${side} ${name}; the ${side}s of the model are: ${names}`];
  }
  if (found.datatype !== declared.datatype) {
    return [`${side} ${name}: model.json declares ${declared.datatype}, the model has ${found.datatype}`];
  }
  if (found.shape.length > 0 && !shapeFits(declared.shape, found.shape)) {
    return [
      `${side} ${name}: model.json declares the shape ${shown(declared.shape)}, the model has ${shown(found.shape)}`,
    ];
  }
  return [];
}

/** A free axis of the model takes any declared size; a fixed one only its own. */
function shapeFits(declared: readonly number[], found: readonly (number | string)[]): boolean {
  return (
    declared.length === found.length &&
    declared.every((size, axis) => typeof found[axis] === "string" || found[axis] === size)
  );
}

function featureMisfits({ name, shape, features }: Declared): string[] {
  const columns = shape.at(-1) ?? 0;
  if (!features || columns === -1 || features.length === columns) return [];
  return [`input ${name}: model.json names ${features.length} features for ${columns} columns`];
}

/** A shape for people: free axes as -1. */
export function shown(shape: readonly (number | string)[]): string {
  return `[${shape.map((size) => (typeof size === "string" ? -1 : size)).join(", ")}]`;
}
