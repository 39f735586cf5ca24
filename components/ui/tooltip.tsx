"use client";

import { Tooltip as Primitive } from "radix-ui";
import type { ReactNode } from "react";

type Props = {
  readonly content: ReactNode;
  /** One element that can have the focus. A text that only needs its exact value has a `title` instead. */
  readonly children: ReactNode;
};

export function Tooltip({ content, children }: Props) {
  return (
    <Primitive.Provider delayDuration={300}>
      <Primitive.Root>
        <Primitive.Trigger asChild>{children}</Primitive.Trigger>
        <Primitive.Portal>
          <Primitive.Content sideOffset={4} className="floating z-50 max-w-80 px-2.5 py-1 text-sm">
            {content}
          </Primitive.Content>
        </Primitive.Portal>
      </Primitive.Root>
    </Primitive.Provider>
  );
}
