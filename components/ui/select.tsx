import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { controlStyle } from "./control-style";

export type Option = { readonly value: string; readonly label: string; readonly disabled?: boolean };

/** The browser's own select: works without script, in a form and on a phone. */
export function Select({
  className,
  options,
  placeholder,
  ...props
}: ComponentProps<"select"> & { readonly options: readonly Option[]; readonly placeholder?: string }) {
  return (
    <span className="relative block">
      <select className={cn(controlStyle, "h-8 appearance-none pr-8", className)} {...props}>
        {placeholder !== undefined && <option value="">{placeholder}</option>}
        {options.map(({ value, label, disabled }) => (
          <option key={value} value={value} disabled={disabled}>
            {label}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute top-2.25 right-2.5 size-3.5 text-muted" />
    </span>
  );
}
