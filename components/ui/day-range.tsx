import type { FieldErrors } from "@/lib/errors";
import { Field } from "./field";
import { Input } from "./input";

/** Two days, as 2001-05-20. */
export type Days = { readonly from: string; readonly to: string };

type Props = {
  readonly days: Days;
  readonly labels: Days;
  readonly errors: FieldErrors | undefined;
  readonly onDays: (days: Days) => void;
};

/** A first and a last day side by side; the labels say whether the last one is part of it. */
export function DayRange({ days, labels, errors, onDays }: Props) {
  return (
    <div className="grid grid-cols-2 gap-3">
      {(["from", "to"] as const).map((end) => (
        <Field key={end} label={labels[end]} error={errors?.[end]}>
          {(control) => (
            <Input
              {...control}
              type="date"
              value={days[end]}
              onChange={(event) => onDays({ ...days, [end]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
