"use client";

import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { buttonStyle } from "./button-style";
import { cn } from "./cn";

/** Controlled (`open`, `onOpenChange`) or opened by a `DialogTrigger` around a `Button`. */
export const Dialog = Primitive.Root;

/** Makes its one child (a `Button`) open the dialog. */
export function DialogTrigger({ children }: { readonly children: ReactNode }) {
  return <Primitive.Trigger asChild>{children}</Primitive.Trigger>;
}

/** Makes its one child (a `Button`) close the dialog. */
export function DialogClose({ children }: { readonly children: ReactNode }) {
  return <Primitive.Close asChild>{children}</Primitive.Close>;
}

type Props = {
  readonly title: ReactNode;
  /** What it does and to what: read out with the title. */
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons, the one that acts last. */
  readonly footer?: ReactNode;
  readonly className?: string;
};

/** Keeps the focus inside, gives it back when closed; Escape closes. */
export function DialogContent({ title, description, children, footer, className }: Props) {
  return (
    <Primitive.Portal>
      <Primitive.Overlay className="fixed inset-0 z-40 animate-[appear_120ms_ease-out] bg-[#000]/40" />
      <Primitive.Content
        {...(description ? {} : { "aria-describedby": undefined })}
        className={cn(
          "floating fixed top-[12dvh] left-1/2 z-50 flex max-h-[76dvh] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 animate-[appear_120ms_ease-out] flex-col outline-none",
          className,
        )}
      >
        <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-1">
          <Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>
          <Primitive.Close aria-label="Close" className={buttonStyle({ variant: "quiet", size: "icon" })}>
            <X aria-hidden />
          </Primitive.Close>
        </header>
        <div className="overflow-y-auto px-5 pb-4">
          {description && <Primitive.Description className="text-muted">{description}</Primitive.Description>}
          {children && <div className="mt-3">{children}</div>}
        </div>
        {footer && <footer className="flex flex-wrap justify-end gap-2 border-t px-5 py-3">{footer}</footer>}
      </Primitive.Content>
    </Primitive.Portal>
  );
}
