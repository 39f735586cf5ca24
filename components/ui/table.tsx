import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";
import { ScrollRegion } from "./scroll-region";

type TableProps = {
  /** What the table lists: its accessible name. */
  readonly label: string;
  readonly children: ReactNode;
  /** Narrower than this it scrolls inside its own frame, in pixels. */
  readonly minWidth?: number;
  readonly className?: string;
};

/** Rows under a sticky header, in a frame of its own that scrolls both ways and can be reached by keyboard. */
export function Table({ label, children, minWidth = 560, className }: TableProps) {
  return (
    <ScrollRegion label={label} className="max-h-[calc(100dvh-6rem)] rounded-b-xl">
      <table className={cn("w-full border-separate border-spacing-0", className)} style={{ minWidth }}>
        {children}
      </table>
    </ScrollRegion>
  );
}

export function Thead({ children }: { readonly children: ReactNode }) {
  return (
    <thead className="sticky top-0 z-10 bg-panel">
      <tr>{children}</tr>
    </thead>
  );
}

export function Tbody({ children }: { readonly children: ReactNode }) {
  return <tbody className="[&>tr:last-child>td]:border-b-0">{children}</tbody>;
}

type CellProps = { readonly numeric?: boolean };
type Sort = { readonly href: string; readonly direction: "ascending" | "descending" | null };

/** A column header. `sort.href` is the page with the next order; unit belongs here, not into the cells. */
export function Th({
  numeric,
  sort,
  className,
  children,
  ...props
}: ComponentProps<"th"> & CellProps & { sort?: Sort }) {
  return (
    <th
      scope="col"
      aria-sort={sort?.direction ?? undefined}
      className={cn(
        "border-b px-4 py-1.75 text-left align-bottom text-xs font-medium whitespace-nowrap text-muted",
        numeric && "text-right",
        className,
      )}
      {...props}
    >
      {sort ? (
        <Link href={sort.href} className="inline-flex items-center gap-1 hover:text-fg">
          {children}
          {sort.direction === "ascending" && <ArrowUp aria-hidden className="size-3" />}
          {sort.direction === "descending" && <ArrowDown aria-hidden className="size-3" />}
        </Link>
      ) : (
        children
      )}
    </th>
  );
}

/** A row; with a `RowLink` in one of its cells the whole row is the target. */
export function Tr({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={cn("relative has-[a[data-row]]:hover:bg-hover", className)} {...props} />;
}

export function Td({ numeric, className, ...props }: ComponentProps<"td"> & CellProps) {
  return (
    <td
      className={cn("border-b px-4 py-2.25 align-middle", numeric && "num text-right whitespace-nowrap", className)}
      {...props}
    />
  );
}

/** The smaller second line of a cell. */
export function Sub({ children }: { readonly children: ReactNode }) {
  return <small className="block text-xs whitespace-normal text-muted">{children}</small>;
}

export function RowLink({ className, ...props }: ComponentProps<typeof Link>) {
  return (
    <Link
      data-row
      className={cn(
        "font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent",
        className,
      )}
      {...props}
    />
  );
}
