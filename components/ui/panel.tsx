import { type ReactNode, useId } from "react";
import { cn } from "./cn";

type Props = {
  readonly title: ReactNode;
  /** Right end of the header: how measured, as of when, a legend, a small action. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
  readonly id?: string;
};

/** A titled frame. Tables go in directly; text goes into `PanelBody`, pairs into `PanelRow`. */
export function Panel({ title, aside, children, className, id }: Props) {
  const heading = useId();
  return (
    <section id={id} aria-labelledby={heading} className={cn("min-w-0 rounded-xl border bg-panel", className)}>
      <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-0.5 border-b px-4 py-2.5">
        <h2 id={heading} className="font-semibold">
          {title}
        </h2>
        {aside && <div className="text-sm text-muted">{aside}</div>}
      </header>
      {children}
    </section>
  );
}

export function PanelBody({ className, children }: { readonly className?: string; readonly children: ReactNode }) {
  return <div className={cn("px-4 py-3", className)}>{children}</div>;
}

/** A line of a panel: what at the left (with a smaller line), its value at the right. */
export function PanelRow({
  children,
  sub,
  value,
}: {
  readonly children: ReactNode;
  readonly sub?: ReactNode;
  readonly value?: ReactNode;
}) {
  return (
    <div className="flex items-center justify-between gap-3 border-b px-4 py-2 last:border-b-0">
      <div className="min-w-0 wrap-anywhere">
        {children}
        {sub && <div className="text-xs text-muted">{sub}</div>}
      </div>
      {value !== undefined && <div className="shrink-0 text-right text-sm text-muted">{value}</div>}
    </div>
  );
}
