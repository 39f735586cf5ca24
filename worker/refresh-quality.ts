import { hasClickHouse } from "@/lib/clickhouse/client";
import {
  type ChangedDay,
  changedDays,
  daysWithoutSlice,
  refreshQualityDay,
  refreshSliceDay,
} from "@/lib/clickhouse/quality-refresh";
import { each } from "./each";
import type { Job } from "./job";
import { type NamedSlice, slicesInForce } from "./slices-in-force";

const MOST_DAYS = 200;
/** The time of a change is taken before its rows can be seen: only a computation so much later has seen them all. */
const SETTLED_MS = 15_000;

/** Computes the quality of event days again that got rows or labels: whole, by the slices that contracts in force name, by feature. */
export function refreshQuality(): Job {
  /** Days that need no look until something changes: what was computed, by endpoint and day. */
  const settled = new Map<string, string>();
  /** Slices whose earlier days were computed: a contract may name one long after its rows. */
  const filled = new Set<string>();
  const key = ({ endpoint, day }: ChangedDay) => `${endpoint} ${day}`;
  return {
    name: "refresh quality",
    everyMs: 4000,
    run: async (signal) => {
      if (!hasClickHouse()) return;
      const [days, slices] = await Promise.all([changedDays(MOST_DAYS), slicesInForce()]);
      const due = days.filter((day) => settled.get(key(day)) !== day.changed);
      await each(due, async (day) => {
        if (signal.aborted) return;
        const startedAt = Date.now();
        const rows = slices.filter(({ endpoint }) => endpoint === day.endpoint).map((slice) => slice.rows);
        await refreshQualityDay(day.endpoint, day.day, rows);
        if (startedAt - Date.parse(`${day.changed.replace(" ", "T")}Z`) > SETTLED_MS)
          settled.set(key(day), day.changed);
      });
      forgetOthers(settled, new Set(days.map(key)));
      await each(slices, (slice) => fill(slice, filled, signal));
    },
  };
}

async function fill({ endpoint, rows }: NamedSlice, filled: Set<string>, signal: AbortSignal): Promise<void> {
  const name = `${endpoint} ${rows.slice}`;
  if (filled.has(name)) return;
  for (const day of await daysWithoutSlice(endpoint, rows.slice)) {
    if (signal.aborted) return;
    await refreshSliceDay(endpoint, day, rows);
  }
  filled.add(name);
}

function forgetOthers(map: Map<string, string>, keep: ReadonlySet<string>): void {
  for (const name of map.keys()) if (!keep.has(name)) map.delete(name);
}
