// Drift of a window against a frozen reference with the product's own code, from files: arguments window (Float32, column after column),
// reference (JSON). Prints the features that left their limits.
import { readFileSync } from "node:fs";
import { DEFAULT_DRIFT_TEST } from "@/lib/contracts/drift-test";
import { type BaselinePayload, countBins } from "@/lib/monitoring/baseline";
import { compare, findingsOf } from "@/lib/monitoring/drift";
import { DAY_MS } from "@/lib/time";

const [window = "", reference = ""] = process.argv.slice(2);
const payload: BaselinePayload = JSON.parse(readFileSync(reference, "utf8"));
const bytes = readFileSync(window);
const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const rows = values.length / payload.columns.length;
const counted = payload.columns.map((column, k) => countBins(values.subarray(k * rows, (k + 1) * rows), column));
const bins = counted.map(({ counts }) => [...counts.keys(), 254, 255]);
const counts = counted.map((each) => [...each.counts, each.unseen, each.missing]);
const compared = compare({ payload }, { bins, counts });
if (!compared) throw new Error("an empty window");
const features = payload.columns
  .slice(1)
  .map(({ name }) => ({ name, type: name.startsWith("category") ? ("category" as const) : ("number" as const) }));
const found = findingsOf(compared, features, DEFAULT_DRIFT_TEST, { from: 0, to: 7 * DAY_MS });
process.stdout.write(`${JSON.stringify(found.features.filter(({ left }) => left).map(({ feature }) => feature))}\n`);
