"use client";

import type { ReactNode } from "react";
import { buttonStyle } from "./button-style";
import { cn } from "./cn";
import { Tooltip } from "./tooltip";

type Props = { readonly reason: string; readonly primary?: boolean; readonly children: ReactNode };

/** An action that this person may not take: it stays in its place and says why on hover and focus. */
export function RefusedAction({ reason, primary = false, children }: Props) {
  const look = buttonStyle({ variant: primary ? "primary" : "default" });
  return (
    <Tooltip content={reason}>
      <button type="button" aria-disabled="true" className={cn(look, "enabled:hover:opacity-50")}>
        {children}
      </button>
    </Tooltip>
  );
}
