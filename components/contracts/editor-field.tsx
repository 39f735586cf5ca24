import type { ReactNode } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { type Option, Select } from "@/components/ui/select";

type Common = {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: readonly string[] | undefined;
  readonly className?: string;
};

/** A number or a line of text of the document. */
export function TextField({
  unit,
  wide = false,
  value,
  onText,
  ...field
}: Common & {
  readonly unit?: string;
  readonly wide?: boolean;
  readonly value: string;
  readonly onText: (text: string) => void;
}) {
  return (
    <Field {...field}>
      {(control) => (
        <Input
          {...control}
          numeric={!wide}
          {...(unit !== undefined && { unit })}
          className={wide ? "num" : "max-w-32"}
          autoComplete="off"
          value={value}
          onChange={(event) => onText(event.target.value)}
        />
      )}
    </Field>
  );
}

/** One of a few words of the document. */
export function ChoiceField<T extends string>({
  options,
  value,
  onChoice,
  ...field
}: Common & {
  readonly options: readonly (Option & { readonly value: T })[];
  readonly value: T;
  readonly onChoice: (value: T) => void;
}) {
  return (
    <Field {...field}>
      {(control) => (
        <Select
          {...control}
          value={value}
          options={options}
          onChange={(event) => {
            const chosen = options.find((each) => each.value === event.target.value);
            if (chosen) onChoice(chosen.value);
          }}
        />
      )}
    </Field>
  );
}

type GroupProps = {
  readonly legend: string;
  /** The first field says it already: the name is for screen readers only. */
  readonly named?: boolean;
  readonly children: ReactNode;
};

/** Fields that belong together, with their name. */
export function FieldGroup({ legend, named = false, children }: GroupProps) {
  return (
    <fieldset className="grid min-w-0 gap-x-4 gap-y-3 border-t pt-3 wide:col-span-3 wide:grid-cols-3">
      <legend className={named ? "sr-only" : "float-left font-medium wide:col-span-3"}>{legend}</legend>
      {children}
    </fieldset>
  );
}
