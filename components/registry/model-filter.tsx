import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { LinkButton } from "@/components/ui/link-button";

/** A plain form: the filter is the address of the page. */
export function ModelFilter({ q }: { readonly q: string | undefined }) {
  return (
    <search>
      <form action="/models" className="mb-4 flex flex-wrap items-end gap-3">
        <Field label="Name" className="w-full wide:w-72">
          {(control) => (
            <Input key={q ?? ""} {...control} name="q" defaultValue={q ?? ""} maxLength={100} autoComplete="off" />
          )}
        </Field>
        <Button type="submit">Filter</Button>
        {q && (
          <LinkButton variant="quiet" href="/models">
            Clear
          </LinkButton>
        )}
      </form>
    </search>
  );
}
