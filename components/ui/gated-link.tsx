import type { ReactNode } from "react";
import { LinkButton } from "./link-button";
import { RefusedAction } from "./refused-action";

type Props = {
  readonly href: string;
  /** Why it cannot be followed; null: it can. */
  readonly reason: string | null;
  readonly primary?: boolean;
  readonly children: ReactNode;
};

/** A link to an action, or the reason why this person may not take it. */
export function GatedLink({ href, reason, primary = false, children }: Props) {
  if (reason !== null) {
    return (
      <RefusedAction reason={reason} primary={primary}>
        {children}
      </RefusedAction>
    );
  }
  return (
    <LinkButton href={href} variant={primary ? "primary" : "default"}>
      {children}
    </LinkButton>
  );
}
