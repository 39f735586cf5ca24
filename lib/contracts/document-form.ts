import { proposeClause, proposeFailureMode, proposeRollout } from "@/lib/contracts/archetypes";
import { type Clause, type ContractDocument, clause, contractDocument, type Metric } from "@/lib/contracts/document";
import { type FailureForm, rawFailureMode, toFailureForm } from "@/lib/contracts/failure-form";
import { parseFeatureLines, toFeatureLines } from "@/lib/contracts/feature-lines";
import { parseNumber, parseSeconds, parseTarget, secondsText, targetText } from "@/lib/contracts/form-values";
import { proposeAtRisk } from "@/lib/contracts/metric-rules";
import { type OptionForm, rawOptions, toOptionForm } from "@/lib/contracts/option-form";
import { type PlacementForm, rawPlacement, toPlacementForm } from "@/lib/contracts/placement-form";
import { type RolloutForm, rawRollout, toRolloutForm } from "@/lib/contracts/rollout-form";
import { validateDocument } from "@/lib/contracts/validate-document";

/** A clause as it is typed. An empty target: not promised; the clause stays in the form and out of the document. */
export type ClauseForm = Readonly<Record<TypedField, string>> &
  Pick<Clause, "id" | "metric" | "probe" | "owner"> &
  OptionForm;
type TypedField =
  | "target"
  | "atRisk"
  | "minRows"
  | "maxRows"
  | "window"
  | "labelDelay"
  | "cadence"
  | "consecutive"
  | "minSamples";

/** A contract document as it is typed: what cannot be read stays as it was typed. */
export type DocumentForm = {
  readonly purpose: string;
  readonly features: string;
  readonly featureTime: ContractDocument["interface"]["featureTime"];
  readonly outputName: string;
  readonly outputIndex: string;
  readonly threshold: string;
  readonly clauses: readonly ClauseForm[];
  readonly target: ContractDocument["serving"]["target"];
  readonly tier: ContractDocument["serving"]["tier"];
  readonly maxRows: string;
  /** Empty: no deadline. */
  readonly deadlineMs: string;
  /** Of the target kubernetes; with another it stays in the form and out of the document. */
  readonly placement: PlacementForm;
  readonly failure: FailureForm;
  readonly rollout: RolloutForm;
};

export function toForm(document: ContractDocument): DocumentForm {
  const { purpose, interface: shape, clauses, serving, failureMode, rollout } = document;
  return {
    purpose,
    features: toFeatureLines(shape.features),
    featureTime: shape.featureTime,
    outputName: shape.output.name,
    outputIndex: String(shape.output.index),
    threshold: String(shape.output.threshold),
    clauses: clauses.map(toClauseForm),
    target: serving.target,
    tier: serving.tier,
    maxRows: String(serving.maxRows),
    deadlineMs: serving.deadlineMs === null ? "" : String(serving.deadlineMs),
    placement: toPlacementForm(serving.placement),
    failure: toFailureForm(failureMode, proposeFailureMode(clauses)),
    rollout: toRolloutForm(rollout, proposeRollout(clauses)),
  };
}

export function toClauseForm(from: Clause): ClauseForm {
  const { id, metric, probe, owner } = from;
  return {
    id,
    metric,
    probe,
    owner,
    target: targetText(metric, from.target),
    atRisk: targetText(metric, from.atRisk),
    minRows: String(from.population.minRows),
    maxRows: String(from.population.maxRows),
    window: secondsText(from.windowSeconds),
    labelDelay: secondsText(from.labelDelaySeconds),
    cadence: secondsText(from.cadenceSeconds),
    consecutive: String(from.consecutive),
    minSamples: String(from.minSamples),
    ...toOptionForm(from),
  };
}

/** A clause of this metric with no target yet: everything else proposed. */
export function emptyClause(id: string, metric: Metric, maxRows: number): ClauseForm {
  return { ...toClauseForm(proposeClause(id, metric, 1, maxRows)), target: "", atRisk: "" };
}

/** What a text of another target does to the rest: "at risk", the deadline and what counts as slow follow as long as they are as proposed. */
export function withTarget(form: DocumentForm, id: string, text: string): DocumentForm {
  const clauses = form.clauses.map((each) => {
    if (each.id !== id) return each;
    const follows = each.atRisk.trim() === "" || each.atRisk === proposedText(each.metric, each.target);
    return { ...each, target: text, ...(follows && { atRisk: proposedText(each.metric, text) }) };
  });
  const next = { ...form, clauses };
  const [before, deadlineMs] = [proposedDeadline(form), proposedDeadline(next)];
  const isSlowProposed = form.failure.slowMs === slowOf(before);
  return {
    ...next,
    ...(form.deadlineMs === before && { deadlineMs }),
    ...(isSlowProposed && { failure: { ...form.failure, slowMs: slowOf(deadlineMs) } }),
  };
}

/** Half of the proposed deadline, as lib/contracts/archetypes.ts proposes it. */
const slowOf = (deadline: string) => String(Number(deadline) / 2);

function proposedText(metric: Metric, target: string): string {
  const value = parseTarget(metric, target);
  return typeof value === "number" ? targetText(metric, proposeAtRisk(metric, value)) : "";
}

/** Ten times the slowest promise; 1,000 ms where there is none. */
export function proposedDeadline({ clauses }: Pick<DocumentForm, "clauses">): string {
  const slow = clauses
    .filter(({ metric }) => metric === "p95" || metric === "p99")
    .map(({ target }) => Number(parseNumber(target) ?? 0))
    .filter((value) => value > 0);
  return String(slow.length > 0 ? Math.max(...slow) * 10 : 1000);
}

/** Messages by field: document paths, with the clause's id in the place of its number (`clauses.latency_p99.target`). */
export type FormMessages = Readonly<Record<string, readonly string[]>>;

export type ReadForm = {
  /** Null where the shape is wrong already. */
  readonly document: ContractDocument | null;
  readonly messages: FormMessages;
};

/** The document that the form stands for, and every message: the same checks as on the server. */
export function readForm(form: DocumentForm): ReadForm {
  const lines = parseFeatureLines(form.features);
  const promised = form.clauses.filter(({ target }) => target.trim() !== "");
  const parsed = contractDocument.safeParse(rawDocument(form, lines, promised), { error: valueWords });
  const unread = lines.flatMap((line, index) =>
    "message" in line ? [{ path: `interface.features.${index}`, message: line.message }] : [],
  );
  const problems = parsed.success
    ? validateDocument(parsed.data)
    : parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  const covered = (path: string) => unread.some((line) => path.startsWith(`${line.path}.`) || path === line.path);
  const all = [...unread, ...problems.filter(({ path }) => !covered(path))];
  const document = parsed.success && unread.length === 0 ? parsed.data : null;
  return { document, messages: messagesOf(all, promised) };
}

/** The clause that was typed; null where a value of it cannot be read. */
export function readClause(form: ClauseForm): Clause | null {
  return clause.safeParse(rawClause(form)).data ?? null;
}

type Lines = ReturnType<typeof parseFeatureLines>;

function rawDocument(form: DocumentForm, lines: Lines, promised: readonly ClauseForm[]): unknown {
  const failureMode = rawFailureMode(form.failure);
  const rollout = rawRollout(form.rollout);
  const placement = form.target === "kubernetes" ? rawPlacement(form.placement) : undefined;
  return {
    version: 1,
    purpose: form.purpose,
    interface: {
      task: "binary_classification",
      features: lines.map((line) => ("feature" in line ? line.feature : {})),
      featureTime: form.featureTime,
      output: {
        name: form.outputName,
        index: parseNumber(form.outputIndex),
        threshold: parseNumber(form.threshold),
      },
    },
    clauses: promised.map(rawClause),
    serving: {
      target: form.target,
      tier: form.tier,
      maxRows: parseNumber(form.maxRows),
      deadlineMs: parseNumber(form.deadlineMs) ?? null,
      ...(placement !== undefined && { placement }),
    },
    ...(failureMode !== undefined && { failureMode }),
    ...(rollout !== undefined && { rollout }),
  };
}

function rawClause(form: ClauseForm): unknown {
  const fixed = proposeClause(form.id, form.metric, 1, 1);
  return {
    ...fixed,
    target: parseTarget(form.metric, form.target),
    atRisk: parseTarget(form.metric, form.atRisk),
    population: { minRows: parseNumber(form.minRows), maxRows: parseNumber(form.maxRows) },
    windowSeconds: parseSeconds(form.window),
    labelDelaySeconds: parseSeconds(form.labelDelay),
    cadenceSeconds: parseSeconds(form.cadence),
    consecutive: parseNumber(form.consecutive),
    minSamples: parseNumber(form.minSamples),
    probe: form.probe,
    owner: form.owner,
    ...rawOptions(form),
  };
}

function valueWords(issue: { readonly code?: string; readonly expected?: unknown; readonly input?: unknown }) {
  if (typeof issue.input === "string" && issue.code === "invalid_union") {
    return "write learned, or features with their limits: distance 0.1, hour 0.2";
  }
  if (typeof issue.input === "string" && issue.expected === "object") {
    return "write a feature and its range or values: distance 0..500, weekday 6|7";
  }
  if (issue.code !== "invalid_type" || (issue.expected !== "number" && issue.expected !== "int")) return undefined;
  return issue.input === undefined ? "fill in a number" : `"${String(issue.input)}" is not a number`;
}

type Problem = { readonly path: string; readonly message: string };

function messagesOf(problems: readonly Problem[], promised: readonly { readonly id: string }[]): FormMessages {
  const messages: Record<string, string[]> = {};
  for (const { path, message } of problems) {
    const key = toFormPath(path, promised);
    messages[key] ??= [];
    messages[key].push(message);
  }
  return messages;
}

function toFormPath(path: string, promised: readonly { readonly id: string }[]): string {
  return path.replace(/^clauses\.(\d+)/, (whole, index) => {
    const named = promised[Number(index)];
    return named ? `clauses.${named.id}` : whole;
  });
}

/** Messages of a refusal of the server (fields under `document.`, or those of the document itself) by field of the form. */
export function refusedMessages(
  fields: Readonly<Record<string, readonly string[]>>,
  form: Pick<DocumentForm, "clauses">,
): FormMessages {
  const promised = form.clauses.filter(({ target }) => target.trim() !== "");
  const entries = Object.entries(fields).map(([path, texts]): [string, readonly string[]] => [
    toFormPath(path.replace(/^document\./, ""), promised),
    texts,
  ]);
  return Object.fromEntries(entries);
}
