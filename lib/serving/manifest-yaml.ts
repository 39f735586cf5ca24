import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { isList, type Manifest, objectOf, type Part, Printed, Stated } from "@/lib/serving/manifest";

/** Long lines stay whole: a folded one would be another text to a reader. */
const WRITTEN = { lineWidth: 0, minContentWidth: 0 } as const;

/** YAML of one object, each line with its clause as a comment. Byte-stable. */
export function yamlOf(manifest: Manifest): string {
  return new Document(nodeOf(manifest)).toString(WRITTEN);
}

/** YAML of several objects, in their order. */
export function yamlOfAll(manifests: readonly Manifest[]): string {
  return manifests.map(yamlOf).join("---\n");
}

function nodeOf(part: Part): Scalar | YAMLMap | YAMLSeq {
  if (part instanceof Stated) return stated(part);
  if (part instanceof Printed) return printed(part);
  if (isList(part)) {
    const list = new YAMLSeq();
    list.items = part.map(nodeOf);
    return list;
  }
  const map = new YAMLMap();
  for (const [key, value] of Object.entries(part)) {
    if (value !== undefined) map.items.push(new Pair(new Scalar(key), nodeOf(value)));
  }
  return map;
}

function stated({ value, clause }: Stated): Scalar {
  const node = new Scalar(value);
  node.comment = ` ${clause}`;
  return node;
}

/** A file within the object: its lines have their comments themselves. */
function printed(part: Printed): Scalar {
  const node = new Scalar(objectOf(part));
  node.type = Scalar.BLOCK_LITERAL;
  return node;
}
