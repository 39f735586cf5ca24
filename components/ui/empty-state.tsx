import type { ReactNode } from "react";
import { Code } from "./code";

type Props = {
  readonly title: string;
  /** What would stand here and how it comes to be. */
  readonly children?: ReactNode;
  /** The command that makes the first one. */
  readonly command?: string;
  readonly action?: ReactNode;
};

/** Nothing here yet: says what to do next. */
export function EmptyState({ title, children, command, action }: Props) {
  return (
    <div className="mx-auto grid max-w-xl justify-items-center gap-3 px-6 py-12 text-center">
      <p className="text-lg font-medium">{title}</p>
      {children && <div className="text-muted">{children}</div>}
      {command && <Code label="Command" text={command} className="w-full text-left" />}
      {action}
    </div>
  );
}
