import { Field } from "./field";
import { Input } from "./input";

type Props = {
  /** What has to be typed. */
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | readonly string[] | undefined;
};

/** The name that is typed before something is done that cannot be undone. */
export function NameField({ name, value, onChange, error }: Props) {
  return (
    <Field label={`Type ${name} to confirm`} error={error}>
      {(control) => (
        <Input
          {...control}
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
