import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "./cn";

const style = cva("inline-flex items-center gap-1 rounded-md px-1.5 py-px text-xs font-medium whitespace-nowrap", {
  variants: {
    tone: {
      neutral: "bg-unproven-soft text-muted",
      accent: "bg-accent-soft text-accent",
      outline: "border text-muted",
    },
  },
  defaultVariants: { tone: "neutral" },
});

/** A short attribute (production, CPU tier, role). A state is a `ClauseState`, not a badge. */
export function Badge({ className, tone, ...props }: ComponentProps<"span"> & VariantProps<typeof style>) {
  return <span className={cn(style({ tone }), className)} {...props} />;
}
