import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import type { AlertFilterValues } from "./alert-words";

/** Says what would stand in the list. */
export function NoAlerts({ values: { state, severity, endpoint } }: { readonly values: AlertFilterValues }) {
  if (severity !== undefined || endpoint !== undefined) {
    return (
      <EmptyState title="No such alert" action={<LinkButton href="/alerts">Show what fires anywhere</LinkButton>}>
        None is {state === "all" ? "on record" : state}
        {severity && ` with the severity ${severity}`}
        {endpoint && ` on an endpoint called ${endpoint}`}.
      </EmptyState>
    );
  }
  if (state !== "firing") {
    return (
      <EmptyState title="Nothing here yet">
        An alert stays on record when it is over: how long it lasted, who had it, and what it spent of the budget.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="Nothing fires">
      An alert appears here when a clause of a contract in force is breached, its error budget burns too fast, or an
      endpoint that serves does not answer; and when an Alertmanager sends one about an endpoint.
    </EmptyState>
  );
}
