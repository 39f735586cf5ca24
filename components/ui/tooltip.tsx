"use client";

import { cloneElement, type KeyboardEvent, type ReactElement, type ReactNode, useId, useRef } from "react";

type Target = {
  "aria-describedby"?: string;
  onPointerEnter?: () => void;
  onPointerLeave?: () => void;
  onFocus?: () => void;
  onBlur?: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  ref?: (element: HTMLElement | null) => void;
};

type Props = {
  readonly content: ReactNode;
  /** One element that can have the focus. A text that only needs its exact value has a `title` instead. */
  readonly children: ReactElement<Target>;
};

/** Says more about a control while it is pointed at or has the focus; Escape takes it away. */
export function Tooltip({ content, children }: Props) {
  const id = useId();
  const target = useRef<HTMLElement>(null);
  const bubble = useRef<HTMLDivElement>(null);
  const show = () => bubble.current?.showPopover({ ...(target.current && { source: target.current }) });
  const hide = () => bubble.current?.hidePopover();
  return (
    <>
      {cloneElement(children, {
        "aria-describedby": id,
        onPointerEnter: show,
        onPointerLeave: hide,
        onFocus: show,
        onBlur: hide,
        onKeyDown: (event) => event.key === "Escape" && hide(),
        ref: (element) => {
          target.current = element;
        },
      })}
      <div
        ref={bubble}
        id={id}
        popover="manual"
        role="tooltip"
        className="floating anchored max-w-80 px-2.5 py-1 text-left text-sm font-normal whitespace-normal [position-area:block-end]"
      >
        {content}
      </div>
    </>
  );
}
