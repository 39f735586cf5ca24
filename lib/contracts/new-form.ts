import {
  type Archetype,
  PROPOSED_DRIFT,
  proposeClause,
  proposedNumbers,
  proposeFailureMode,
  proposeRollout,
  SIX_NUMBERS,
} from "@/lib/contracts/archetypes";
import { METRICS, type Metric } from "@/lib/contracts/document";
import { type DocumentForm, emptyClause, proposedDeadline, toClauseForm } from "@/lib/contracts/document-form";
import { toFailureForm } from "@/lib/contracts/failure-form";
import { parseNumber } from "@/lib/contracts/form-values";
import { METRIC_RULES } from "@/lib/contracts/metric-rules";
import { toPlacementForm } from "@/lib/contracts/placement-form";
import { toRolloutForm } from "@/lib/contracts/rollout-form";

const MAX_ROWS = 64;

/** The form of a first draft: the archetype's numbers filled in, every other promise there to be made. */
export function newForm(archetype: Archetype, purpose: string): DocumentForm {
  const numbers = proposedNumbers(archetype);
  const asked = SIX_NUMBERS.map(({ field, metric, id }) => {
    const target = numbers[field];
    return target === undefined
      ? emptyClause(id, metric, MAX_ROWS)
      : toClauseForm(proposeClause(id, metric, target, MAX_ROWS));
  });
  const isBlank = archetype === "blank";
  const { id, metric, target } = PROPOSED_DRIFT;
  const clauses = isBlank ? asked : [...asked, toClauseForm(proposeClause(id, metric, target, MAX_ROWS))];
  const promised = asked.map((each) => ({ ...each, target: Number(parseNumber(each.target) ?? 0) }));
  const made = promised.filter((each) => each.target > 0);
  const failureMode = proposeFailureMode(made);
  const rollout = proposeRollout(made);
  return withAllMetrics({
    purpose,
    features: "",
    featureTime: numbers.freshnessSeconds === undefined ? "none" : "required",
    outputName: "probabilities",
    outputIndex: "1",
    threshold: "0.5",
    clauses,
    target: "local",
    tier: "cpu",
    maxRows: String(MAX_ROWS),
    deadlineMs: proposedDeadline({ clauses }),
    placement: toPlacementForm(undefined),
    failure: toFailureForm(isBlank ? undefined : failureMode, failureMode),
    rollout: toRolloutForm(isBlank ? undefined : rollout, rollout),
  });
}

/** Adds an empty clause for every metric that the form does not have: what could be promised is shown, not hidden. */
export function withAllMetrics(form: DocumentForm): DocumentForm {
  const there = new Set(form.clauses.map(({ metric }) => metric));
  const missing = Object.values(METRICS)
    .flat()
    .filter((metric) => !there.has(metric));
  return missing.reduce(withClause, form);
}

/** Adds an empty clause of this metric, for example for requests of another size. */
export function withClause(form: DocumentForm, metric: Metric): DocumentForm {
  const maxRows = parseNumber(form.maxRows);
  const clause = emptyClause(freeId(form, metric), metric, typeof maxRows === "number" ? maxRows : MAX_ROWS);
  return { ...form, clauses: [...form.clauses, clause] };
}

function freeId(form: DocumentForm, metric: Metric): string {
  const taken = new Set(form.clauses.map(({ id }) => id));
  const base = SIX_NUMBERS.find((each) => each.metric === metric)?.id ?? `${METRIC_RULES[metric].kind}_${metric}`;
  let id = base;
  for (let n = 2; taken.has(id); n += 1) id = `${base}_${n}`;
  return id;
}
