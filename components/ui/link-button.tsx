import Link from "next/link";
import type { ComponentProps } from "react";
import { type ButtonStyle, buttonStyle } from "./button-style";
import { cn } from "./cn";

/** A link that looks like a button: goes somewhere, changes nothing. */
export function LinkButton({ className, variant, size, ...props }: ComponentProps<typeof Link> & ButtonStyle) {
  return <Link className={cn(buttonStyle({ variant, size }), className)} {...props} />;
}
