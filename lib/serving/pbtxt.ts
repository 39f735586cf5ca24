import { isList, objectOf, type Part, Printed, Stated } from "@/lib/serving/manifest";

/** Fields of Triton's configuration whose values are names of the schema, not texts. */
const ENUMS = new Set(["data_type", "kind", "timeout_action"]);

/** Protocol-buffer text: one field per line, each with its clause as a comment; a list is its field once per member. */
export function pbtxt(part: Part): Printed {
  return new Printed(part, (each) => `${linesOf(each, "").join("\n")}\n`);
}

function linesOf(part: Part, indent: string): string[] {
  if (part instanceof Stated || part instanceof Printed || isList(part)) {
    throw new RangeError("a message has named fields");
  }
  return Object.entries(part).flatMap(([name, value]) =>
    value === undefined ? [] : (isList(value) ? value : [value]).flatMap((each) => field(name, each, indent)),
  );
}

function field(name: string, part: Part, indent: string): string[] {
  if (!(part instanceof Stated)) return [`${indent}${name} {`, ...linesOf(part, `${indent}  `), `${indent}}`];
  const value = objectOf(part);
  const printed = typeof value === "string" && !ENUMS.has(name) ? JSON.stringify(value) : `${value}`;
  return [`${indent}${name}: ${printed}  # ${part.clause}`];
}
