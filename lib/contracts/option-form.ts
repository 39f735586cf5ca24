import { clauseName } from "@/lib/contracts/clause-words";
import { type Clause, type DriftTest, type Slice, slice as sliceShape } from "@/lib/contracts/document";
import { driftTestOf } from "@/lib/contracts/drift-test";
import { parseNumber, parsePercent, percentText } from "@/lib/contracts/form-values";

/** A drift test as it is typed; `own` off: the usual test, and the fields are left out of the document. */
export type DriftForm = Readonly<Record<"limits" | "floor" | "factor" | "alpha", string>> &
  Pick<DriftTest, "correction"> & { readonly own: boolean };

/** The options of a clause as they are typed; empty: not stated. */
export type OptionForm = {
  readonly fallbacks: NonNullable<Clause["fallbacks"]> | "";
  readonly onStale: NonNullable<Clause["onStale"]> | "";
  /** `distance 0..500`, `weekday 6|7`, or a line of JSON for what does not fit into that. */
  readonly slice: string;
  readonly drift: DriftForm;
};

export function toOptionForm({ fallbacks, onStale, slice, drift }: Clause): OptionForm {
  const { limits, floor, factor, alpha, correction } = driftTestOf({ drift });
  return {
    fallbacks: fallbacks ?? "",
    onStale: onStale ?? "",
    slice: slice ? sliceText(slice) : "",
    drift: {
      own: drift !== undefined,
      limits: limitsText(limits),
      floor: String(floor),
      factor: String(factor),
      alpha: percentText(alpha),
      correction,
    },
  };
}

/** What was typed, in the shape of the document: the options that are stated. */
export function rawOptions({ fallbacks, onStale, slice, drift }: OptionForm): Record<string, unknown> {
  return {
    ...(fallbacks && { fallbacks }),
    ...(onStale && { onStale }),
    ...(slice.trim() && { slice: parseSlice(slice) }),
    ...(drift.own && {
      drift: {
        limits: parseLimits(drift.limits),
        floor: parseNumber(drift.floor),
        factor: parseNumber(drift.factor),
        alpha: parsePercent(drift.alpha),
        correction: drift.correction,
      },
    }),
  };
}

/** The name of a clause that is being typed, with its slice as soon as that can be read. */
export function typedName({ metric, slice }: Pick<Clause, "metric"> & Pick<OptionForm, "slice">): string {
  return clauseName({ metric, slice: sliceShape.safeParse(parseSlice(slice)).data });
}

const SLICE = /^(?<feature>[^\s{]\S*)(?:\s+(?<rows>.+))?$/;
const RANGE = /^(?<from>[-+\d.eE]*?)\.\.(?<to>[-+\d.eE]*)$/;

/** The slice that a text stands for (shape not yet checked); a text that cannot be read is given back for its message. */
export function parseSlice(text: string): unknown {
  const line = text.trim();
  if (line.startsWith("{")) return parseJson(line);
  const { feature, rows } = SLICE.exec(line)?.groups ?? {};
  if (feature === undefined) return line;
  if (rows === undefined) return { feature };
  const range = RANGE.exec(rows)?.groups;
  if (!range) return { feature, values: rows.split("|").map((value) => parseNumber(value) ?? "") };
  const [from, to] = [parseNumber(range.from ?? ""), parseNumber(range.to ?? "")];
  return { feature, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function sliceText(slice: Slice): string {
  const { feature, from, to, values } = slice;
  const line = values === undefined ? `${feature} ${from ?? ""}..${to ?? ""}` : `${feature} ${values.join("|")}`;
  return same(parseSlice(line), slice) ? line : JSON.stringify(slice);
}

const LEARNED = "learned";

/** `learned`, or limits by feature (`distance 0.1, hour 0.2`); a text that cannot be read is given back for its message. */
export function parseLimits(text: string): unknown {
  const line = text.trim();
  if (line === LEARNED) return line;
  if (line.startsWith("{")) return parseJson(line);
  const entries = line.split(/[,\n]/).map((each) => /^(\S+)\s+(\S+)$/.exec(each.trim()));
  if (entries.some((each) => each === null)) return line;
  return Object.fromEntries(entries.map((each) => [each?.[1] ?? "", parseNumber(each?.[2] ?? "")]));
}

function limitsText(limits: DriftTest["limits"]): string {
  if (limits === LEARNED) return LEARNED;
  const line = Object.entries(limits)
    .map(([name, limit]) => `${name} ${limit}`)
    .join(", ");
  return same(parseLimits(line), limits) ? line : JSON.stringify(limits);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

function same(left: unknown, right: object): boolean {
  const sorted = (value: object) => JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return typeof left === "object" && left !== null && sorted(left) === sorted(right);
}
