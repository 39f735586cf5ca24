import { cloneElement, type ReactElement, type ReactNode, useId } from "react";
import { cn } from "./cn";

type Align = "start" | "center" | "end";

const PLACE: Readonly<Record<Align, string>> = {
  start: "[position-area:block-end_span-inline-end]",
  center: "[position-area:block-end]",
  end: "[position-area:block-end_span-inline-start]",
};

type Props = {
  /** The button that opens it. */
  readonly trigger: ReactElement<{ popoverTarget?: string }>;
  /** Its accessible name. */
  readonly label: string;
  readonly children: ReactNode;
  readonly align?: Align;
  readonly className?: string;
};

/** The browser's own popover: opens without script, closes on Escape or a click elsewhere, and gives the focus back. */
export function Popover({ trigger, label, children, align = "start", className }: Props) {
  const id = useId();
  return (
    <>
      {cloneElement(trigger, { popoverTarget: id })}
      <div
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        className={cn(
          "floating anchored w-96 p-4 text-left text-base font-normal tracking-normal whitespace-normal",
          PLACE[align],
          className,
        )}
      >
        {children}
      </div>
    </>
  );
}
