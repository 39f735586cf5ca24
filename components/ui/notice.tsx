import { CircleCheck, Info, OctagonAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

const LOOK = {
  info: { icon: Info, colour: "border-line-strong bg-panel", mark: "text-muted" },
  met: { icon: CircleCheck, colour: "border-met/30 bg-met-soft", mark: "text-met" },
  risk: { icon: TriangleAlert, colour: "border-risk/30 bg-risk-soft", mark: "text-risk" },
  breach: { icon: OctagonAlert, colour: "border-breach/30 bg-breach-soft", mark: "text-breach" },
} as const;

type Props = {
  readonly tone?: keyof typeof LOOK;
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Set where it appears after the page: screen readers say it at once. */
  readonly live?: boolean;
  readonly className?: string;
};

/** A message that stands in the page: what is the matter, and what to do about it. */
export function Notice({ tone = "info", title, children, actions, live = false, className }: Props) {
  const { icon: Icon, colour, mark } = LOOK[tone];
  return (
    <div
      role={live ? (tone === "breach" ? "alert" : "status") : undefined}
      className={cn("flex flex-wrap items-start gap-x-3 gap-y-2 rounded-xl border px-4 py-2.5", colour, className)}
    >
      <Icon aria-hidden className={cn("mt-0.75 size-3.5 shrink-0", mark)} />
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-medium">{title}</p>
        {children && <div className="text-sm text-fg/85">{children}</div>}
      </div>
      {actions && <div className="flex gap-2">{actions}</div>}
    </div>
  );
}
