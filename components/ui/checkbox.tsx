import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";

/** A checkbox with its label; the label is part of the target. */
export function Checkbox({
  className,
  label,
  hint,
  ...props
}: Omit<ComponentProps<"input">, "type"> & { readonly label: ReactNode; readonly hint?: ReactNode }) {
  return (
    <label className={cn("flex items-start gap-2", className)}>
      <input type="checkbox" className="mt-0.75 size-3.5 shrink-0 accent-fg" {...props} />
      <span>
        {label}
        {hint && <span className="block text-sm text-muted">{hint}</span>}
      </span>
    </label>
  );
}
