import type { Clause, ContractDocument, Feature, Slice } from "@/lib/contracts/document";
import type { DocumentProblem } from "@/lib/contracts/document-problem";
import { driftTestOf } from "@/lib/contracts/drift-test";

const DAY = 86_400;

/** What is wrong with the options of one clause: paths inside the clause. */
export function optionProblems(clause: Clause, document: ContractDocument): DocumentProblem[] {
  return [
    ...misplacedOptions(clause),
    ...(clause.slice ? sliceProblems(clause.slice, document.interface.features) : []),
    ...staleProblems(clause, document),
    ...(clause.kind === "drift" ? driftProblems(clause, document.interface.features) : []),
    ...(clause.kind === "failure_mode" && !document.failureMode
      ? [{ path: "metric", message: "there is nothing to drill: the contract states no failure mode (failureMode)" }]
      : []),
  ];
}

/** An option that the clause's kind does not look at would be a promise that nobody keeps. */
function misplacedOptions(clause: Clause): DocumentProblem[] {
  const counted = clause.metric === "drifted_features";
  const options = [
    ["slice", clause.kind === "quality", "a slice belongs to a quality clause"],
    ["fallbacks", clause.kind === "availability", "what fallbacks count as belongs to an availability clause"],
    ["onStale", clause.kind === "freshness", "what happens to stale rows belongs to a freshness clause"],
    ["drift", counted, "a drift test belongs to drifted_features"],
  ] as const;
  return options.flatMap(([option, fits, words]) =>
    clause[option] === undefined || fits ? [] : [{ path: option, message: `${words}, not to ${clause.metric}` }],
  );
}

function sliceProblems(slice: Slice, features: readonly Feature[]): DocumentProblem[] {
  const feature = features.find(({ name }) => name === slice.feature);
  if (!feature) return [{ path: "slice.feature", message: `the interface has no feature ${slice.feature}` }];
  const { from, to, values } = slice;
  if (values !== undefined && (from !== undefined || to !== undefined)) {
    return [{ path: "slice.values", message: "a slice is a range or a list of values, not both" }];
  }
  return values === undefined ? rangeProblems(slice, feature) : valueProblems(values, feature);
}

function rangeProblems({ from, to }: Slice, { name, type, min, max }: Feature): DocumentProblem[] {
  const at = (field: string, message: string) => [{ path: `slice.${field}`, message }];
  if (from === undefined && to === undefined) {
    return at("feature", `say which rows: a range of ${name}${type === "number" ? "" : " or some of its values"}`);
  }
  if (type === "category") return at("from", `${name} is a category: name its values, it has no range`);
  if (from !== undefined && to !== undefined && from >= to) {
    return at("from", `no row has ${name} from ${from} on and below ${to}`);
  }
  if (from !== undefined && max !== undefined && from > max) {
    return at("from", `no row is in the slice: ${name} is at most ${max}`);
  }
  if (to !== undefined && min !== undefined && to <= min) {
    return at("to", `no row is in the slice: ${name} is at least ${min}`);
  }
  return [];
}

function valueProblems(values: readonly (string | number)[], feature: Feature): DocumentProblem[] {
  const { name, type, categories } = feature;
  const at = (message: string) => [{ path: "slice.values", message }];
  if (type === "number") return at(`${name} is a number: give a range of it, values are for integers and categories`);
  if (type === "integer") {
    const wrong = values.find((value) => !Number.isInteger(value));
    return wrong === undefined ? [] : at(`${wrong} is not a value of ${name}: it is an integer`);
  }
  const wrong = values.find((value) => typeof value !== "string" || categories?.includes(value) === false);
  return wrong === undefined ? [] : at(`${wrong} is not one of the categories of ${name}`);
}

function staleProblems(clause: Clause, { failureMode }: ContractDocument): DocumentProblem[] {
  if (clause.onStale !== "fallback" || failureMode?.fallback) return [];
  const message = "stale rows are to get the fixed response, and there is none: state failureMode.fallback";
  return [{ path: "onStale", message }];
}

function driftProblems(clause: Clause, features: readonly Feature[]): DocumentProblem[] {
  const found: DocumentProblem[] = [];
  if (clause.windowSeconds % DAY !== 0) {
    found.push({ path: "windowSeconds", message: "drift is counted by day: the window is a whole number of days" });
  }
  const ranged = features.some(({ min, max }) => min !== undefined || max !== undefined);
  if (clause.metric === "out_of_range_ratio" && !ranged) {
    found.push({ path: "metric", message: "no feature has a range, so nothing can be out of it" });
  }
  if (clause.drift) found.push(...limitProblems(clause, features));
  if (clause.metric === "drifted_features") found.push(...countProblems(clause, features));
  return found;
}

function limitProblems(clause: Clause, features: readonly Feature[]): DocumentProblem[] {
  const { limits, floor } = driftTestOf(clause);
  if (limits === "learned") return [];
  if (Object.keys(limits).length === 0) {
    return [{ path: "drift.limits", message: "name the features and their limits, or let them be learned" }];
  }
  return Object.entries(limits).flatMap(([name, limit]) => {
    const path = `drift.limits.${name}`;
    if (!features.some((feature) => feature.name === name)) {
      return [{ path, message: `the interface has no feature ${name}` }];
    }
    return limit < floor
      ? [{ path, message: `the limit of ${name} is ${limit}, and no limit is below the floor of ${floor}` }]
      : [];
  });
}

/** Features that follow the calendar are tested over whole weeks only: another window tells Sundays, not change. */
function countProblems(clause: Clause, features: readonly Feature[]): DocumentProblem[] {
  const { limits } = driftTestOf(clause);
  const named = features.filter(({ name }) => limits === "learned" || Object.hasOwn(limits, name));
  const tested = clause.windowSeconds % (7 * DAY) === 0 ? named : named.filter(({ calendar }) => calendar !== true);
  if (named.length > 0 && tested.length === 0) {
    const message =
      "all its features follow the calendar and are tested over whole weeks: make it a multiple of 7 days";
    return [{ path: "windowSeconds", message }];
  }
  if (named.length === 0 || clause.target < tested.length) return [];
  const message = `${tested.length === 1 ? "1 feature is" : `${tested.length} features are`} tested, so ${clause.target} may always leave: promise fewer`;
  return [{ path: "target", message }];
}

/** Rows have one age limit: two clauses that act on it would contradict each other. */
export function staleActionProblems({ clauses }: ContractDocument): DocumentProblem[] {
  const acts = ({ kind, onStale }: Clause) => kind === "freshness" && (onStale === "flag" || onStale === "fallback");
  const first = clauses.find(acts);
  return clauses.flatMap((clause, index) =>
    first && clause !== first && acts(clause)
      ? [{ path: `clauses.${index}.onStale`, message: `${first.id} already says what happens to stale rows` }]
      : [],
  );
}
