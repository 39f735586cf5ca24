import type { ComponentProps } from "react";
import { cn } from "./cn";
import { controlStyle } from "./control-style";

/** One line of text. `numeric` aligns right in tabular figures; `unit` stands behind the value. */
export function Input({
  className,
  numeric = false,
  unit,
  ...props
}: ComponentProps<"input"> & { readonly numeric?: boolean; readonly unit?: string }) {
  const input = (
    <input
      inputMode={numeric ? "decimal" : undefined}
      className={cn(controlStyle, "h-8", numeric && "num text-right", className)}
      {...props}
    />
  );
  if (!unit) return input;
  return (
    <span className="flex items-center gap-2">
      {input}
      <span className="shrink-0 text-sm text-muted">{unit}</span>
    </span>
  );
}
