import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { LinkButton } from "@/components/ui/link-button";

const FIELDS = [
  { name: "actor", label: "Actor", placeholder: "governance@" },
  { name: "action", label: "Action begins with", placeholder: "contract.sign" },
  { name: "subject", label: "Subject", placeholder: "flight-delays" },
] as const;

export type AuditFilterValues = { readonly actor?: string; readonly action?: string; readonly subject?: string };

/** A plain form: the filter is the address of the page. */
export function AuditFilter({ values }: { readonly values: AuditFilterValues }) {
  const filtered = Object.keys(values).length > 0;
  return (
    <search>
      <form action="/audit" className="mb-4 grid items-end gap-3 wide:grid-cols-[repeat(3,minmax(0,14rem))_auto]">
        {FIELDS.map(({ name, label, placeholder }) => (
          <Field key={name} label={label}>
            {(control) => (
              <Input
                // A new address must show its own values, also when only the address has changed.
                key={values[name] ?? ""}
                {...control}
                name={name}
                defaultValue={values[name] ?? ""}
                placeholder={placeholder}
                maxLength={200}
                autoComplete="off"
              />
            )}
          </Field>
        ))}
        <div className="flex gap-2">
          <Button type="submit">Filter</Button>
          {filtered && (
            <LinkButton variant="quiet" href="/audit">
              Clear
            </LinkButton>
          )}
        </div>
      </form>
    </search>
  );
}
