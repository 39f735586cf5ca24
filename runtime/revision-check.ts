import type { RevisionConfig } from "@/lib/inference/desired-state";

/** What this runtime needs to know of a revision to serve it; derived from its configuration. */
export type RevisionShape = {
  input: string;
  features: readonly string[];
  output: string;
  /** Values of the answered output per row. */
  width: number;
  /** The output is a vector with one value per row (shape [-1]), not a matrix. */
  isVector: boolean;
};

/** The row number of an event is 16 bits wide. */
const MAX_ROWS = 65_535;

export class RevisionRefused extends Error {}

/**
 * This runtime serves one FP32 input [-1,n] with named features and answers the FP32 output that holds the score.
 * @throws RevisionRefused with the reason in words for a person
 */
export function revisionShape(config: RevisionConfig): RevisionShape {
  const [input, ...more] = config.inputs;
  if (!input || more.length > 0) throw no(`the model declares ${config.inputs.length} inputs, this runtime takes one`);
  if (input.datatype !== "FP32") throw no(`input '${input.name}' is ${input.datatype}, this runtime takes FP32`);
  const features = input.features ?? [];
  const [batch, n, ...rest] = input.shape;
  if (batch !== -1 || n === undefined || n < 1 || rest.length > 0) {
    throw no(`input '${input.name}' has shape [${input.shape}], this runtime takes [-1,n]`);
  }
  if (features.length !== n) throw no(`input '${input.name}' names ${features.length} features for ${n} columns`);
  if (config.maxRows > MAX_ROWS) throw no(`${config.maxRows} rows per request, at most ${MAX_ROWS} are possible`);
  checkFallback(config);
  return { input: input.name, features, ...scoreOutput(config) };
}

/** Found out when it is loaded, not when it is needed. */
function checkFallback({ failure, stale }: RevisionConfig): void {
  if (typeof failure?.fallbackScore === "number") return;
  const { onError, onTimeout, onOverload } = failure ?? {};
  const uses = Object.entries({ onError, onTimeout, onOverload, "stale rows": stale?.action });
  const use = uses.find(([, standIn]) => standIn === "fallback");
  if (use) throw no(`${use[0]}: the fallback is to answer, but the contract gives it no score`);
}

function scoreOutput(config: RevisionConfig): Pick<RevisionShape, "output" | "width" | "isVector"> {
  const { score } = config;
  const output = config.outputs.find((candidate) => candidate.name === score.output);
  if (!output) throw no(`the score is in output '${score.output}', which the model does not declare`);
  if (output.datatype !== "FP32") throw no(`score output '${output.name}' is ${output.datatype}, expected FP32`);
  const [batch, columns, ...rest] = output.shape;
  const width = columns ?? 1;
  if (batch !== -1 || width < 1 || rest.length > 0) {
    throw no(`score output '${output.name}' has shape [${output.shape}], expected [-1] or [-1,n]`);
  }
  if (score.index >= width) {
    throw no(`the score is column ${score.index} of output '${output.name}', which has ${width}`);
  }
  return { output: output.name, width, isVector: columns === undefined };
}

const no = (text: string) => new RevisionRefused(text);

type Checked = { readonly config: RevisionConfig; readonly shape: RevisionShape };

/** Whether a caller may get one's answer for the other's: the same features in the same order, the same output. */
export function answersAlike(a: Checked, b: Checked): boolean {
  const told = ({ shape: { features, output, width, isVector }, config }: Checked) =>
    JSON.stringify([features, output, width, isVector, config.score.index]);
  return told(a) === told(b);
}
