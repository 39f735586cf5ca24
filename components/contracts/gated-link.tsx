"use client";

import type { ReactNode } from "react";
import { buttonStyle } from "@/components/ui/button-style";
import { LinkButton } from "@/components/ui/link-button";
import { Tooltip } from "@/components/ui/tooltip";

type Props = {
  readonly href: string;
  /** Why it cannot be followed; null: it can. */
  readonly reason: string | null;
  readonly primary?: boolean;
  readonly children: ReactNode;
};

/** A link to an action; where the person may not take it, it stays in its place and says why on hover and focus. */
export function GatedLink({ href, reason, primary = false, children }: Props) {
  const variant = primary ? "primary" : "default";
  if (reason === null) {
    return (
      <LinkButton href={href} variant={variant}>
        {children}
      </LinkButton>
    );
  }
  return (
    <Tooltip content={reason}>
      <button type="button" aria-disabled="true" className={buttonStyle({ variant })}>
        {children}
      </button>
    </Tooltip>
  );
}
