"use client";

import { Check, Copy } from "lucide-react";
import { buttonStyle } from "./button-style";
import { cn } from "./cn";
import { type CopyState, useCopy } from "./use-copy";

const ANSWER: Readonly<Record<CopyState, string>> = { idle: "", copied: "Copied", failed: "Could not copy" };

type Props = {
  readonly text: string;
  /** "Copy curl", "Copy as YAML"; with `iconOnly` the accessible name. */
  readonly label: string;
  readonly iconOnly?: boolean;
  readonly className?: string;
};

export function CopyButton({ text, label, iconOnly = false, className }: Props) {
  const [state, copy] = useCopy();
  const Icon = state === "copied" ? Check : Copy;
  return (
    <button
      type="button"
      aria-label={iconOnly ? label : undefined}
      title={iconOnly ? ANSWER[state] || label : undefined}
      onClick={() => copy(text)}
      className={cn(buttonStyle(iconOnly ? { variant: "quiet", size: "icon" } : {}), "relative z-1", className)}
    >
      <Icon aria-hidden />
      {iconOnly ? null : ANSWER[state] || label}
      <span role="status" className="sr-only">
        {ANSWER[state]}
      </span>
    </button>
  );
}
