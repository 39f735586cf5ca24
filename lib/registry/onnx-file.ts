/**
 * Reads an ONNX file (a protobuf `ModelProto`, field numbers of onnx.proto3) without loading its weights: who made it, for which
 * operators, and whether any tensor lies in another file. Weights are skipped, so two gigabytes need kilobytes.
 */
export type OnnxFacts = {
  readonly irVersion: number;
  readonly producer: string;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  /** What its nodes do, the most frequent first; those of subgraphs and functions among them. */
  readonly operators: readonly Operator[];
  /** The first tensor whose data is not in this file. */
  readonly external: { readonly tensor: string; readonly location: string } | null;
};

/** An operator and how many nodes have it; the domain is empty for the standard ones. */
export type Operator = { readonly domain: string; readonly type: string; readonly count: number };

/** Random access to the bytes; a read past the end gives fewer. */
export type FileBytes = {
  readonly size: number;
  readonly read: (offset: number, length: number) => Uint8Array;
};

/** The bytes are no ONNX model; the message says where and why, for a person. */
export class NotOnnx extends Error {
  override readonly name = "NotOnnx";
}

/** Messages worth entering: field number to the kind of message in it. Tensors hide in graphs, attributes, functions and sparse pairs. */
const NESTED = {
  model: { 7: "graph", 8: "opset", 20: "training", 25: "function" },
  training: { 1: "graph", 2: "graph" },
  graph: { 1: "node", 5: "tensor", 15: "sparse" },
  node: { 5: "attribute" },
  attribute: { 5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse" },
  sparse: { 1: "tensor", 2: "tensor" },
  function: { 7: "node", 11: "attribute" },
  tensor: { 13: "external" },
  opset: {},
  external: {},
} as const satisfies Readonly<Record<string, Readonly<Record<number, string>>>>;
type Kind = keyof typeof NESTED;

const DEPTH_LIMIT = 100;
const TEXT_LIMIT = 4096;
/** Far above what any exporter writes: a file made to fill memory stops here. */
const OPERATOR_LIMIT = 1000;
const NAME_LIMIT = 200;
const EXTERNAL = 1;

/** @throws NotOnnx */
export function readOnnxFile(bytes: FileBytes): OnnxFacts {
  const found = new Findings();
  walk(new Cursor(bytes), "model", bytes.size, 0, found);
  if (!found.hasGraph) throw new NotOnnx("it holds no graph");
  if (found.opsets.length === 0) throw new NotOnnx("it names no operator set");
  const { irVersion, producer, opsets, external } = found;
  return { irVersion, producer, opsets, operators: found.operators(), external };
}

function walk(cursor: Cursor, kind: Kind, end: number, depth: number, found: Findings): void {
  if (depth > DEPTH_LIMIT) throw new NotOnnx(`its graphs are nested deeper than ${DEPTH_LIMIT}`);
  const nested: Readonly<Record<number, Kind | undefined>> = NESTED[kind];
  while (cursor.at < end) {
    const tag = cursor.varint(end);
    const field = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) found.number(kind, field, cursor.varint(end));
    else if (wire === 2) {
      const length = cursor.varint(end);
      const stop = cursor.at + length;
      if (stop > end) throw cursor.cutOff();
      const inner = nested[field];
      if (inner) {
        found.enter(inner);
        walk(cursor, inner, stop, depth + 1, found);
        found.leave(inner);
      } else found.text(kind, field, () => cursor.text(Math.min(length, TEXT_LIMIT)));
      cursor.at = stop;
    } else cursor.skip(wire, end);
  }
}

/** What was met on the way. */
class Findings {
  irVersion = 0;
  producer = "";
  hasGraph = false;
  readonly opsets: { domain: string; version: number }[] = [];
  external: { tensor: string; location: string } | null = null;
  private readonly counts = new Map<string, Operator>();
  /** Nodes that are open, the innermost last: the domain of a node comes after the subgraphs in it. */
  private readonly nodes: { domain: string; type: string }[] = [];
  private tensor = "";
  private key = "";

  enter(kind: Kind): void {
    if (kind === "graph") this.hasGraph = true;
    if (kind === "opset") this.opsets.push({ domain: "", version: 0 });
    if (kind === "node") this.nodes.push({ domain: "", type: "" });
    if (kind === "tensor") this.tensor = "";
    if (kind === "external") this.external ??= { tensor: this.tensor, location: "" };
  }

  private nodeText(field: number, read: () => string): void {
    const node = this.nodes.at(-1);
    if (node && field === 4) node.type = read().slice(0, NAME_LIMIT);
    if (node && field === 7) node.domain = read().slice(0, NAME_LIMIT);
  }

  leave(kind: Kind): void {
    const node = kind === "node" ? this.nodes.pop() : undefined;
    if (!node) return;
    const { domain, type } = node;
    const key = `${domain} ${type}`;
    const known = this.counts.get(key);
    if (!known && this.counts.size >= OPERATOR_LIMIT) return;
    this.counts.set(key, { domain, type, count: (known?.count ?? 0) + 1 });
  }

  operators(): Operator[] {
    return [...this.counts.values()].sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1));
  }

  number(kind: Kind, field: number, value: number): void {
    const opset = this.opsets.at(-1);
    if (kind === "model" && field === 1) this.irVersion = value;
    if (kind === "opset" && field === 2 && opset) opset.version = value;
    if (kind === "tensor" && field === 14 && value === EXTERNAL)
      this.external ??= { tensor: this.tensor, location: "" };
  }

  text(kind: Kind, field: number, read: () => string): void {
    const opset = this.opsets.at(-1);
    if (kind === "model" && (field === 2 || field === 3)) this.producer = `${this.producer} ${read()}`.trim();
    if (kind === "opset" && field === 1 && opset) opset.domain = read();
    if (kind === "node") this.nodeText(field, read);
    if (kind === "tensor" && field === 8) this.tensor = read();
    if (kind === "external" && field === 1) this.key = read();
    if (kind === "external" && field === 2 && this.key === "location" && this.external) {
      this.external.location ||= read();
    }
  }
}

const WINDOW = 64 * 1024;

/** A place in the file, with a window of bytes around it. */
class Cursor {
  at = 0;
  private window: Uint8Array = new Uint8Array();
  private start = 0;

  constructor(private readonly bytes: FileBytes) {}

  varint(end: number): number {
    let value = 0;
    for (let index = 0; index < 10; index++) {
      const byte = this.byte(end);
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return value;
    }
    throw new NotOnnx(`the bytes at ${this.at} are no protobuf`);
  }

  text(length: number): string {
    return new TextDecoder().decode(this.bytes.read(this.at, length));
  }

  skip(wire: number, end: number): void {
    if (wire !== 1 && wire !== 5) throw new NotOnnx(`the bytes at ${this.at} are no protobuf`);
    this.at += wire === 1 ? 8 : 4;
    if (this.at > end) throw this.cutOff();
  }

  cutOff(): NotOnnx {
    return new NotOnnx(`the message at byte ${this.at} reaches beyond its end: it is cut off, or no ONNX file`);
  }

  private byte(end: number): number {
    if (this.at >= end) throw this.cutOff();
    if (this.at < this.start || this.at >= this.start + this.window.length) {
      this.window = this.bytes.read(this.at, WINDOW);
      this.start = this.at;
    }
    const byte = this.window[this.at - this.start];
    if (byte === undefined) throw this.cutOff();
    this.at++;
    return byte;
  }
}
