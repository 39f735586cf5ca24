"use client";

import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";

type Props = {
  readonly title: ReactNode;
  /** Its content in one line, readable while it is closed. */
  readonly summary: ReactNode;
  /** Open whatever the person did: a message inside needs to be seen. */
  readonly forced?: boolean;
  readonly children: ReactNode;
};

/** A section that is proposed already: closed, with what it says; open, with its fields. */
export function Foldable({ title, summary, forced = false, children }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details
      open={open || forced}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="group border-b last:border-b-0"
    >
      <summary className="flex list-none items-start gap-2 px-4 py-2.5 -outline-offset-2 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="mt-1 size-3.5 shrink-0 text-muted group-open:rotate-90" />
        <span className="min-w-0">
          <span className="font-medium">{title}</span>
          <span className="block text-sm text-muted wrap-anywhere">{summary}</span>
        </span>
      </summary>
      <div className="grid gap-4 px-4 pt-1 pb-4 wide:grid-cols-3">{children}</div>
    </details>
  );
}
