import type { ReactNode } from "react";

type Props = { readonly title: string; readonly children: ReactNode; readonly actions?: ReactNode };

/** A page that has nothing to show but why. */
export function MessagePage({ title, children, actions }: Props) {
  return (
    <div className="grid max-w-2xl gap-3 py-10">
      <h1 className="text-xl font-semibold tracking-[-0.015em]">{title}</h1>
      <div className="grid gap-2 text-muted">{children}</div>
      {actions && <div className="mt-1 flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
