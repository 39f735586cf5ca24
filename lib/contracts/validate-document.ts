import type { Clause, ContractDocument } from "@/lib/contracts/document";
import type { DocumentProblem } from "@/lib/contracts/document-problem";
import { METRIC_RULES } from "@/lib/contracts/metric-rules";
import { failureModeProblems } from "@/lib/contracts/validate-failure-mode";
import { optionProblems, staleActionProblems } from "@/lib/contracts/validate-options";
import { placementProblems } from "@/lib/contracts/validate-placement";

/** The runtime's histogram has room for so many signed targets. */
const MAX_LATENCY_CLAUSES = 40;

/**
 * Every contradiction in a document that can be told without knowing where it will serve. A draft may hold them; it cannot be
 * submitted with them. Empty: none.
 */
export function validateDocument(document: ContractDocument): readonly DocumentProblem[] {
  const clauses = document.clauses.flatMap((clause, index) =>
    [
      ...shapeOf(clause),
      ...numbersOf(clause),
      ...timeOf(clause),
      ...contextOf(clause, document),
      ...optionProblems(clause, document),
    ].map(({ path, message }) => ({ path: `clauses.${index}.${path}`, message })),
  );
  return [
    ...interfaceProblems(document),
    ...clauses,
    ...betweenClauses(document),
    ...staleActionProblems(document),
    ...servingProblems(document),
    ...placementProblems(document),
    ...failureModeProblems(document),
  ];
}

function interfaceProblems({ interface: shape }: ContractDocument): DocumentProblem[] {
  return shape.features.flatMap((feature, index) => {
    const at = (field: string) => `interface.features.${index}.${field}`;
    const found: DocumentProblem[] = [];
    if (shape.features.findIndex((other) => other.name === feature.name) < index) {
      found.push({ path: at("name"), message: `the feature ${feature.name} is named twice` });
    }
    const isCategory = feature.type === "category";
    if (isCategory && !feature.categories?.length) {
      found.push({ path: at("categories"), message: `the category ${feature.name} needs its possible values` });
    }
    if (!isCategory && feature.categories !== undefined) {
      found.push({
        path: at("categories"),
        message: `${feature.name} is a ${feature.type}: only a category has a list`,
      });
    }
    if (isCategory && (feature.min !== undefined || feature.max !== undefined)) {
      found.push({ path: at("min"), message: `the category ${feature.name} has no smallest or largest value` });
    }
    return found;
  });
}

/** What the metric fixes: kind, direction, unit, probe. */
function shapeOf(clause: Clause): DocumentProblem[] {
  const rule = METRIC_RULES[clause.metric];
  const found: DocumentProblem[] = [];
  if (clause.kind !== rule.kind) {
    found.push({ path: "metric", message: `${clause.metric} belongs to ${rule.kind}, not to ${clause.kind}` });
  }
  if (clause.direction !== rule.direction) {
    const words = rule.direction === "at_most" ? "at most (lower is better)" : "at least (higher is better)";
    found.push({ path: "direction", message: `${clause.metric} is promised as ${words}: ${rule.direction}` });
  }
  if (clause.unit !== rule.unit) {
    found.push({ path: "unit", message: `${clause.metric} is in ${rule.unit}, not in ${clause.unit}` });
  }
  if (clause.probe !== "none" && !rule.probes.includes(clause.probe)) {
    found.push({
      path: "probe",
      message: `the probe ${clause.probe} does not see ${clause.metric}; it is measured by ${rule.probes.join(" or ")}`,
    });
  }
  return found;
}

/** The range that a value of this unit lies outside of; null: it is in range. */
function rangeMissed(unit: Clause["unit"], value: number): string | null {
  if (unit === "ratio") return value < 0 || value > 1 ? "between 0 and 1 (0.999 is 99.9 %)" : null;
  if (unit === "features") return value < 0 || !Number.isInteger(value) ? "a whole number of features" : null;
  return value <= 0 ? "above 0" : null;
}

function numbersOf(clause: Clause): DocumentProblem[] {
  const found: DocumentProblem[] = [];
  const { target, atRisk } = clause;
  for (const [path, value] of [
    ["target", target],
    ["atRisk", atRisk],
  ] as const) {
    const range = rangeMissed(clause.unit, value);
    if (range !== null) found.push({ path, message: `${value} is out of range: ${range}` });
  }
  if (clause.metric === "success_ratio" && target === 1) {
    found.push({ path: "target", message: "100 % leaves no error budget and can never be proven" });
  }
  if (clause.metric === "auc" && target > 0 && target <= 0.5) {
    found.push({ path: "target", message: "an AUC of 0.5 is a coin toss; promise more" });
  }
  if (clause.direction === "at_most" && atRisk > target) {
    found.push({ path: "atRisk", message: `at risk must begin before the target: at most ${target}, not ${atRisk}` });
  }
  if (clause.direction === "at_least" && atRisk < target) {
    found.push({ path: "atRisk", message: `at risk must begin before the target: at least ${target}, not ${atRisk}` });
  }
  return found;
}

function timeOf(clause: Clause): DocumentProblem[] {
  const rule = METRIC_RULES[clause.metric];
  const found: DocumentProblem[] = [];
  if (clause.clock !== rule.clock) {
    const why =
      rule.clock === "event"
        ? "its window ends at the latest accepted event, whenever that arrives"
        : "silence must not pass for a promise that is kept";
    found.push({ path: "clock", message: `${clause.metric} runs on the ${rule.clock} clock: ${why}` });
  }
  if (!rule.labels && clause.labelDelaySeconds !== 0) {
    found.push({
      path: "labelDelaySeconds",
      message: `${clause.metric} needs no labels, so there is nothing to wait for`,
    });
  }
  if (clause.cadenceSeconds > clause.windowSeconds) {
    found.push({
      path: "cadenceSeconds",
      message: `evaluated every ${clause.cadenceSeconds} s over ${clause.windowSeconds} s: time between the windows would never be looked at`,
    });
  }
  return found;
}

function contextOf(clause: Clause, { interface: shape, serving }: ContractDocument): DocumentProblem[] {
  const { minRows, maxRows } = clause.population;
  const found: DocumentProblem[] = [];
  if (minRows > maxRows) {
    found.push({
      path: "population.minRows",
      message: `no request has at least ${minRows} and at most ${maxRows} rows`,
    });
  } else if (minRows > serving.maxRows) {
    const message = `requests of ${minRows} rows are refused: a request has at most ${serving.maxRows}`;
    found.push({ path: "population.minRows", message });
  }
  if (clause.kind === "freshness" && shape.featureTime !== "required") {
    found.push({
      path: "probe",
      message:
        "a freshness clause needs interface.featureTime to be required: without the time of its features no request tells their age",
    });
  }
  return found;
}

/** Which rows a clause speaks of: two clauses of one metric must differ in it. */
const population = ({ population: { minRows, maxRows }, slice }: Clause) =>
  JSON.stringify([minRows, maxRows, slice?.feature, slice?.from, slice?.to, slice?.values]);

function betweenClauses({ clauses }: ContractDocument): DocumentProblem[] {
  const found: DocumentProblem[] = [];
  clauses.forEach((clause, index) => {
    const before = clauses.slice(0, index);
    const at = (field: string) => `clauses.${index}.${field}`;
    if (before.some((other) => other.id === clause.id)) {
      found.push({ path: at("id"), message: `the clause id ${clause.id} is used twice` });
    }
    const twin = before.find((other) => other.metric === clause.metric && population(other) === population(clause));
    if (twin) {
      const message = `${twin.id} already promises ${clause.metric} for the same requests`;
      found.push({ path: at("metric"), message });
    } else if (clause.metric === "ceiling" && before.some((other) => other.metric === "ceiling")) {
      found.push({ path: at("metric"), message: "an endpoint has one ceiling, whatever its requests look like" });
    }
    const tail = clauses.find((other) => other.metric === "p99" && population(other) === population(clause));
    if (clause.metric === "p95" && tail && clause.target > tail.target) {
      const message = `p95 of ${clause.target} ms is above p99 of ${tail.target} ms (${tail.id}): a higher percentile is never faster`;
      found.push({ path: at("target"), message });
    }
  });
  if (clauses.filter((clause) => clause.kind === "latency").length > MAX_LATENCY_CLAUSES) {
    found.push({ path: "clauses", message: `at most ${MAX_LATENCY_CLAUSES} latency clauses can be measured exactly` });
  }
  return found;
}

function servingProblems({ clauses, serving }: ContractDocument): DocumentProblem[] {
  const { deadlineMs } = serving;
  if (deadlineMs === null) return [];
  const slower = clauses.find((clause) => clause.kind === "latency" && clause.target > deadlineMs);
  if (!slower) return [];
  const message = `a deadline of ${deadlineMs} ms cuts requests off before the ${slower.target} ms that ${slower.id} allows`;
  return [{ path: "serving.deadlineMs", message }];
}
