import { queryOptions } from "@tanstack/react-query";
import { getJson } from "@/lib/get-json";
import { type AlertSummary, alertDetail, alertPage } from "@/lib/monitoring/alert-view";
import { endpointSeries, endpointSummary, type Ledger, ledger } from "@/lib/monitoring/schema";
import type { RangeName } from "@/lib/monitoring/time-range";
import type { Page } from "@/lib/page";
import { hrefWith } from "@/lib/query-string";

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

/** The incident page. */
export function alertQuery(id: string) {
  return queryOptions({
    queryKey: ["alert", id],
    queryFn: ({ signal }) => getJson(`/api/v1/alerts/${encodeURIComponent(id)}`, alertDetail, signal),
    refetchInterval: EVERY_MS,
  });
}

export type AlertFilter = {
  readonly state?: "firing" | "resolved";
  readonly severity?: "page" | "ticket";
  readonly endpoint?: string;
  readonly cursor?: string;
  readonly limit?: number;
  readonly sort?: "newest" | "worst";
};

/** One page of the list of alerts. */
export function alertsQuery(filter: AlertFilter) {
  return queryOptions({
    queryKey: ["alerts", filter],
    queryFn: ({ signal }): Promise<Page<AlertSummary>> =>
      getJson(hrefWith("/api/v1/alerts", filter), alertPage, signal),
    refetchInterval: EVERY_MS,
  });
}
