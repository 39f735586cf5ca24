/**
 * Small ONNX files for tests and benchmarks, encoded by hand (protobuf): logistic regression with the outputs that converters write,
 * `label` INT64 [-1] and `probabilities` FP32 [-1,2]. `hidden` layers of 256 units make it as slow as wanted.
 */
export type TestModel = { features: number; hidden?: number; seed?: number };

const WIDTH = 256;

export function testModel({ features, hidden = 0, seed = 1 }: TestModel): Buffer {
  const random = numbers(seed);
  const layers = Array.from({ length: hidden }, (_, k) => layer(k, k === 0 ? features : WIDTH, random));
  const last = hidden === 0 ? "features" : `h${hidden - 1}`;
  const weights = tensor("w", [hidden === 0 ? features : WIDTH, 2], random);
  const nodes = [
    ...layers.flatMap(({ nodes }) => nodes),
    node("MatMul", [last, "w"], "logits"),
    node("Softmax", ["logits"], "probabilities", intAttribute("axis", 1)),
    node("ArgMax", ["logits"], "label", Buffer.concat([intAttribute("axis", 1), intAttribute("keepdims", 0)])),
  ];
  const graph = Buffer.concat([
    ...nodes.map((bytes) => field(1, bytes)),
    text(2, "test"),
    ...[...layers.map(({ weights: w }) => w), weights].map((bytes) => field(5, bytes)),
    field(11, value("features", 1, [features])),
    field(12, value("label", 7, [])),
    field(12, value("probabilities", 1, [2])),
  ]);
  const opset = Buffer.concat([text(1, ""), varint(2, 13)]);
  return Buffer.concat([varint(1, 8), field(7, graph), field(8, opset)]);
}

function layer(k: number, rows: number, random: () => number) {
  const from = k === 0 ? "features" : `h${k - 1}`;
  return {
    weights: tensor(`w${k}`, [rows, WIDTH], random),
    nodes: [node("MatMul", [from, `w${k}`], `z${k}`), node("Tanh", [`z${k}`], `h${k}`)],
  };
}

/** Park and Miller's generator: the same file for the same seed, hence the same digest. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
}

const node = (op: string, inputs: string[], output: string, attributes: Buffer = Buffer.alloc(0)): Buffer =>
  Buffer.concat([...inputs.map((name) => text(1, name)), text(2, output), text(4, op), attributes]);

const intAttribute = (name: string, n: number): Buffer =>
  field(5, Buffer.concat([text(1, name), varint(3, n), varint(20, 2)]));

function tensor(name: string, dims: [number, number], random: () => number): Buffer {
  const values = Float32Array.from({ length: dims[0] * dims[1] }, random);
  return Buffer.concat([
    ...dims.map((n) => varint(1, n)),
    varint(2, 1),
    text(8, name),
    field(9, Buffer.from(values.buffer)),
  ]);
}

/** A value with a free batch axis; element types: 1 float, 7 int64. */
function value(name: string, type: number, dims: number[]): Buffer {
  const axes = [text(2, "batch"), ...dims.map((n) => varint(1, n))].map((dim) => field(1, dim));
  const shaped = Buffer.concat([varint(1, type), field(2, Buffer.concat(axes))]);
  return Buffer.concat([text(1, name), field(2, field(1, shaped))]);
}

const varint = (tag: number, n: number): Buffer => Buffer.from([...leb128(tag << 3), ...leb128(n)]);
const field = (tag: number, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([...leb128((tag << 3) | 2), ...leb128(bytes.length)]), bytes]);
const text = (tag: number, content: string): Buffer => field(tag, Buffer.from(content));

function leb128(n: number): number[] {
  return n < 128 ? [n] : [(n % 128) | 128, ...leb128(Math.floor(n / 128))];
}
