import type { Feature } from "@/lib/contracts/document";

/**
 * Features as people type them, one a line: `hour integer 0..23`, `distance number 0..`, `origin category JFK|LAX`,
 * `missing` where a request may leave it out, `calendar` where it follows the calendar, a description behind `#`. What does not fit into that is a line of JSON, so nothing is lost on the way there and back.
 */

const WORD = /^[^\s#{][^\s#]*$/;
const LINE =
  /^(?<name>[^\s#]+)(?:\s+(?<type>number|integer|category))?(?:\s+(?<rest>[^#]*?))?\s*(?:#\s*(?<description>.*))?$/;
const RANGE = /^(?<min>[-+\d.eE]*)\.\.(?<max>[-+\d.eE]*)$/;

export type FeatureLine = { readonly feature: unknown } | { readonly message: string };

/** One entry per line that is not empty: what it says (shape not yet checked), or why it cannot be read. */
export function parseFeatureLines(text: string): readonly FeatureLine[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => (line.startsWith("{") ? fromJson(line) : fromWords(line)));
}

function fromJson(line: string): FeatureLine {
  try {
    return { feature: JSON.parse(line) };
  } catch {
    return { message: "begins like JSON, but is none" };
  }
}

function fromWords(line: string): FeatureLine {
  const parts = LINE.exec(line)?.groups;
  if (!parts?.name) return { message: "write: name, type (number, integer, category), range or values" };
  const { name, type = "number", description } = parts;
  const { rest, marks } = takeMarks(parts.rest ?? "");
  const base = { name, type, ...marks, ...(description && { description }) };
  if (type === "category") {
    const categories = rest.split("|").map((value) => value.trim());
    return { feature: { ...base, ...(rest !== "" && { categories }) } };
  }
  if (rest === "") return { feature: base };
  const range = RANGE.exec(rest)?.groups;
  if (!range) return { message: `"${rest}" is no range: write 0..23, 0.. or ..1` };
  const end = (value: string | undefined) => (value === undefined || value === "" ? undefined : Number(value));
  const [min, max] = [end(range.min), end(range.max)];
  if (Number.isNaN(min) || Number.isNaN(max)) return { message: `"${rest}" is no range of numbers` };
  return { feature: { ...base, ...(min !== undefined && { min }), ...(max !== undefined && { max }) } };
}

const MARK = /(?:^|\s)(?<mark>missing|calendar)$/;

/** The words at the end of the line that are no range and no value. */
function takeMarks(text: string): { readonly rest: string; readonly marks: object } {
  let rest = text.trim();
  const marks: { missing?: "allowed"; calendar?: true } = {};
  for (let found = MARK.exec(rest); found; found = MARK.exec(rest)) {
    if (found.groups?.mark === "missing") marks.missing = "allowed";
    else marks.calendar = true;
    rest = rest.slice(0, found.index).trim();
  }
  return { rest, marks };
}

/** The lines of these features. */
export function toFeatureLines(features: readonly Feature[]): string {
  return features.map(toLine).join("\n");
}

function toLine(feature: Feature): string {
  const { name, type, min, max, categories, missing, calendar, description } = feature;
  const range = min === undefined && max === undefined ? "" : ` ${min ?? ""}..${max ?? ""}`;
  const values = categories?.length ? ` ${categories.join("|")}` : "";
  const marks = `${missing === "allowed" ? " missing" : ""}${calendar ? " calendar" : ""}`;
  const line = `${name} ${type}${range}${values}${marks}${description ? ` # ${description}` : ""}`;
  const [again] = WORD.test(name) ? parseFeatureLines(line) : [];
  const same = again && "feature" in again && sameFeature(again.feature, feature);
  return same ? line : JSON.stringify(feature);
}

function sameFeature(left: unknown, right: Feature): boolean {
  const sorted = (value: object) => JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return typeof left === "object" && left !== null && sorted(left) === sorted(right);
}
