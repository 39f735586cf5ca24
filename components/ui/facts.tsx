import type { ReactNode } from "react";

/** The strip under the title: what one wants to know first. At most six. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return (
    <dl className="mb-4 grid grid-cols-2 gap-px overflow-hidden rounded-xl border bg-line wide:grid-cols-3 aside:auto-cols-fr aside:grid-flow-col aside:grid-cols-none">
      {children}
    </dl>
  );
}

type FactProps = {
  readonly label: ReactNode;
  readonly value: ReactNode;
  /** Smaller, behind the value: since when, out of how many, signed at. */
  readonly note?: ReactNode;
};

export function Fact({ label, value, note }: FactProps) {
  return (
    <div className="min-w-0 bg-panel px-4.5 pt-2.5 pb-2.75 last:odd:col-span-2 wide:last:nth-[3n]:col-span-1 wide:last:nth-[3n+1]:col-span-3 wide:last:nth-[3n+2]:col-span-2 aside:last:nth-[n]:col-span-1">
      <dt className="flex items-center gap-1 text-xs text-muted">{label}</dt>
      <dd className="text-lg font-medium tracking-[-0.01em] tabular-nums wrap-anywhere">
        {value}
        {note && <small className="text-xs font-normal tracking-normal text-muted"> {note}</small>}
      </dd>
    </div>
  );
}
