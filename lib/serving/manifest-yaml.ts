import { isList, type Manifest, type Part, Printed, type Scalar, Stated } from "@/lib/serving/manifest";

/** YAML of one object, each line with its clause as a comment. Byte-stable. */
export function yamlOf(manifest: Manifest): string {
  return `${membersOf(manifest, "").join("\n")}\n`;
}

/** YAML of several objects, in their order. */
export function yamlOfAll(manifests: readonly Manifest[]): string {
  return manifests.map(yamlOf).join("---\n");
}

type Members = { readonly [key: string]: Part | undefined };

function membersOf(members: Members, indent: string): string[] {
  return Object.entries(members).flatMap(([key, part]) =>
    part === undefined ? [] : lines(`${indent}${textOf(key)}:`, part, indent),
  );
}

/** A key or a dash, and what stands behind it: on its line, or below it. */
function lines(head: string, part: Part, indent: string): string[] {
  const deeper = `${indent}  `;
  if (part instanceof Stated) return [`${head} ${scalar(part.value)} # ${part.clause}`];
  if (part instanceof Printed) return [`${head} |`, ...fileOf(part, deeper)];
  if (isList(part)) {
    if (part.length === 0) return [`${head} []`];
    return [head, ...part.flatMap((each) => itemOf(each, deeper))];
  }
  const below = membersOf(part, deeper);
  return below.length === 0 ? [`${head} {}`] : [head, ...below];
}

/** The first member of an object stands behind the dash. */
function itemOf(part: Part, indent: string): string[] {
  if (part instanceof Stated || part instanceof Printed || isList(part)) return lines(`${indent}-`, part, indent);
  const [first = "", ...rest] = membersOf(part, `${indent}  `);
  return first === "" ? [`${indent}- {}`] : [`${indent}- ${first.trimStart()}`, ...rest];
}

/** A file within the object: its lines have their comments themselves. */
function fileOf({ part, print }: Printed, indent: string): string[] {
  return print(part)
    .trimEnd()
    .split("\n")
    .map((line) => `${indent}${line}`);
}

const scalar = (value: Scalar) => (typeof value === "string" ? textOf(value) : `${value}`);

/** What YAML reads as a text without quotes, and not as a number, a word of its own, a comment or a key. */
const PLAIN = /^(?:--?)?[A-Za-z/][\w./@=-]*(?::[\w./@=-]+)*$/;
const WORDS = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

function textOf(value: string): string {
  if (PLAIN.test(value) && !WORDS.test(value)) return value;
  // Where nothing but double quotes would be escaped, single ones are easier to read.
  const isOneLine = !/[\\\p{C}\p{Zl}\p{Zp}]/u.test(value);
  return value.includes('"') && isOneLine ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
}
