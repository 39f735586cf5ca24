import { queryOptions } from "@tanstack/react-query";
import { getJson } from "@/lib/get-json";
import { endpointSeries, endpointSummary, type Ledger, ledger } from "@/lib/monitoring/schema";
import type { RangeName } from "@/lib/monitoring/time-range";

/** Measurements are read again every five seconds: as often as they are made. */
const EVERY_MS = 5_000;

/** The clause ledger of a use case. */
export function ledgerQuery(slug: string, environment: Ledger["environment"] = "production") {
  const path = `/api/v1/use-cases/${encodeURIComponent(slug)}/ledger?environment=${environment}`;
  return queryOptions({
    queryKey: ["ledger", slug, environment],
    queryFn: ({ signal }) => getJson(path, ledger, signal),
    refetchInterval: EVERY_MS,
  });
}

/** The charts of an endpoint. */
export function seriesQuery(name: string, range: RangeName) {
  return queryOptions({
    queryKey: ["endpoint-series", name, range],
    queryFn: ({ signal }) =>
      getJson(`/api/v1/endpoints/${encodeURIComponent(name)}/series?range=${range}`, endpointSeries, signal),
    refetchInterval: EVERY_MS,
  });
}

/** The tiles of an endpoint: the same numbers over the whole range. */
export function summaryQuery(name: string, range: RangeName) {
  return queryOptions({
    queryKey: ["endpoint-summary", name, range],
    queryFn: ({ signal }) =>
      getJson(`/api/v1/endpoints/${encodeURIComponent(name)}/summary?range=${range}`, endpointSummary, signal),
    refetchInterval: EVERY_MS,
  });
}
