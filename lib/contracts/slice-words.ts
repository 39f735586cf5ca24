import type { Slice } from "@/lib/contracts/document";
import { formatNumber } from "@/lib/format";

/** The rows of a slice: "distance from 0 to 500" (500 is not in it), "weekday 6 or 7". */
export function sliceWords({ feature, from, to, values }: Slice): string {
  if (values !== undefined) {
    const words = values.map((value) => (typeof value === "number" ? formatNumber(value) : value));
    const last = words.at(-1) ?? "";
    return `${feature} ${words.length > 1 ? `${words.slice(0, -1).join(", ")} or ${last}` : last}`;
  }
  if (to === undefined) return from === undefined ? feature : `${feature} from ${formatNumber(from)}`;
  return from === undefined
    ? `${feature} below ${formatNumber(to)}`
    : `${feature} from ${formatNumber(from)} to ${formatNumber(to)}`;
}
