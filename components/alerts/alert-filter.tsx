import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { LinkButton } from "@/components/ui/link-button";
import { Select } from "@/components/ui/select";
import { Tabs } from "@/components/ui/tabs";
import { hrefWith } from "@/lib/query-string";
import type { AlertFilterValues } from "./alert-words";

type Props = {
  readonly values: AlertFilterValues;
  /** Of all alerts. */
  readonly firing: number;
};

const SEVERITIES = [
  { value: "page", label: "Page" },
  { value: "ticket", label: "Ticket" },
];

const stateParam = (state: AlertFilterValues["state"]) => (state === "firing" ? undefined : state);

/** By state, severity and endpoint: a plain form, the filter is the address of the page. */
export function AlertFilter({ values, firing }: Props) {
  const { state, severity, endpoint } = values;
  const href = (of: AlertFilterValues["state"]) => hrefWith("/alerts", { state: stateParam(of), severity, endpoint });
  const filtered = severity !== undefined || endpoint !== undefined;
  return (
    <>
      <Tabs
        label="State"
        current={href(state)}
        tabs={[
          { href: href("firing"), label: "Firing", ...(!filtered && { count: firing }) },
          { href: href("resolved"), label: "Resolved" },
          { href: href("all"), label: "All" },
        ]}
      />
      <search>
        <form action="/alerts" className="mb-4 grid items-end gap-3 wide:grid-cols-[10rem_minmax(0,16rem)_auto]">
          {stateParam(state) && <input type="hidden" name="state" value={state} />}
          <Field label="Severity">
            {(control) => (
              <Select
                // A new address must show its own values, also when only the address has changed.
                key={severity ?? ""}
                {...control}
                name="severity"
                defaultValue={severity ?? ""}
                placeholder="Any"
                options={SEVERITIES}
              />
            )}
          </Field>
          <Field label="Endpoint">
            {(control) => (
              <Input
                key={endpoint ?? ""}
                {...control}
                name="endpoint"
                defaultValue={endpoint ?? ""}
                placeholder="its whole name"
                maxLength={100}
                autoComplete="off"
                spellCheck={false}
              />
            )}
          </Field>
          <div className="flex gap-2">
            <Button type="submit">Filter</Button>
            {filtered && (
              <LinkButton variant="quiet" href={hrefWith("/alerts", { state: stateParam(state) })}>
                Clear
              </LinkButton>
            )}
          </div>
        </form>
      </search>
    </>
  );
}
