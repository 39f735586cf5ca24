import { formatDuration, formatQuantity, formatUtc } from "@/lib/format";
import type { Chart, Row } from "./series";

/** The chart in words, for who cannot see it: range, each series (last, lowest, highest, beyond what is signed), gaps, changes. */
export function summarise(chart: Chart): string {
  const { label, from, to, bucketMs, series, rows, signed, changes } = chart;
  const head = `${label}, from ${formatUtc(from)} to ${formatUtc(to)}, in buckets of ${formatDuration(bucketMs)}.`;
  const lines = signed.map((line) => `${line.label}.`);
  const each = series.map((one, index) => describeSeries(chart, one.name, index, rows));
  const marks = changes.map((change) => `${change.label} at ${formatUtc(change.at)}`);
  return [head, ...lines, ...each, marks.length > 0 ? `Changes: ${marks.join("; ")}.` : ""].filter(Boolean).join(" ");
}

function describeSeries({ unit, signed }: Chart, name: string, index: number, rows: readonly Row[]): string {
  const values = rows.flatMap((row) => row.values[index] ?? []);
  const last = values.at(-1);
  if (last === undefined) return `${name}: no measurements.`;
  const write = (value: number) => formatQuantity(value, unit).text;
  const parts = [
    `last ${write(last)}`,
    `lowest ${write(Math.min(...values))}`,
    `highest ${write(Math.max(...values))}`,
  ];
  for (const line of signed.filter((one) => one.series === undefined || one.series === name)) {
    const beyond = values.filter((value) => (line.worse === "up" ? value > line.value : value < line.value)).length;
    parts.push(`${beyond} of ${values.length} buckets beyond the signed ${write(line.value)}`);
  }
  const gaps = rows.length - values.length;
  if (gaps > 0) parts.push(`${gaps} without measurement`);
  return `${name}: ${parts.join(", ")}.`;
}
