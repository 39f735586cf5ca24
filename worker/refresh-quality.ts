import { hasClickHouse } from "@/lib/clickhouse/client";
import { type ChangedDay, changedDays, refreshQualityDay } from "@/lib/clickhouse/quality-refresh";
import { each } from "./each";
import type { Job } from "./job";

const MOST_DAYS = 200;
/** The time of a change is taken before its rows can be seen: only a computation so much later has seen them all. */
const SETTLED_MS = 15_000;

/** Computes the quality of event days again that got rows or labels. */
export function refreshQuality(): Job {
  /** Days that need no look until something changes: what was computed, by endpoint and day. */
  const settled = new Map<string, string>();
  const key = ({ endpoint, day }: ChangedDay) => `${endpoint} ${day}`;
  return {
    name: "refresh quality",
    everyMs: 4000,
    run: async (signal) => {
      if (!hasClickHouse()) return;
      const days = await changedDays(MOST_DAYS);
      const due = days.filter((day) => settled.get(key(day)) !== day.changed);
      await each(due, async (day) => {
        if (signal.aborted) return;
        const startedAt = Date.now();
        await refreshQualityDay(day.endpoint, day.day);
        if (startedAt - Date.parse(`${day.changed.replace(" ", "T")}Z`) > SETTLED_MS)
          settled.set(key(day), day.changed);
      });
      forgetOthers(settled, new Set(days.map(key)));
    },
  };
}

function forgetOthers(map: Map<string, string>, keep: ReadonlySet<string>): void {
  for (const name of map.keys()) if (!keep.has(name)) map.delete(name);
}
