import { cn } from "./cn";
import { ScrollRegion } from "./scroll-region";

export type DiffLine = {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
  /** At the right end: the clause the line comes from. */
  readonly tag?: string | undefined;
};

const LOOK = {
  same: { sign: " ", colour: "", word: "" },
  added: { sign: "+", colour: "bg-met-soft text-met", word: "added: " },
  removed: { sign: "-", colour: "bg-breach-soft text-breach", word: "removed: " },
} as const;

/** Lines of two documents side by side in time. The sign and not the colour says what was added and what removed. */
export function Diff({ label, lines }: { readonly label: string; readonly lines: readonly DiffLine[] }) {
  return (
    <ScrollRegion label={label} className="rounded-b-xl py-2.5">
      <ol className="num min-w-max text-xs leading-relaxed">
        {lines.map(({ kind, text, tag }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line has no identity but its place
          <li key={index} className={cn("flex gap-3 px-4", LOOK[kind].colour)}>
            <span className="flex-1 whitespace-pre">
              <span aria-hidden>{LOOK[kind].sign} </span>
              {LOOK[kind].word && <span className="sr-only">{LOOK[kind].word}</span>}
              {text}
            </span>
            {tag && <span className="text-muted">{tag}</span>}
          </li>
        ))}
      </ol>
    </ScrollRegion>
  );
}
