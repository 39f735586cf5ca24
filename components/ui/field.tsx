import { CircleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cn } from "./cn";

/** What the control of a field spreads: `<Field label="Name">{(control) => <Input name="name" {...control} />}</Field>`. */
export type Control = {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
  readonly "aria-required": true | undefined;
};

type Props = {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** One message or the messages of `fields[name]` of a refused action. */
  readonly error?: string | readonly string[] | undefined;
  readonly required?: boolean;
  readonly className?: string;
  readonly children: (control: Control) => ReactNode;
};

/** Label, control, hint and the message that belongs to it, tied together for screen readers. */
export function Field({ label, hint, error, required = false, className, children }: Props) {
  const id = useId();
  const messages = error === undefined ? [] : typeof error === "string" ? [error] : error;
  const invalid = messages.length > 0;
  const describedBy = [hint && `${id}-hint`, invalid && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={cn("grid content-start gap-1", className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {required && <span className="font-normal text-muted"> (required)</span>}
      </label>
      {children({
        id,
        "aria-describedby": describedBy || undefined,
        "aria-invalid": invalid || undefined,
        "aria-required": required || undefined,
      })}
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {invalid && (
        <p id={`${id}-error`} className="flex items-start gap-1.5 text-sm text-breach">
          <CircleAlert aria-hidden className="mt-0.75 size-3 shrink-0" />
          {messages.join(" ")}
        </p>
      )}
    </div>
  );
}
