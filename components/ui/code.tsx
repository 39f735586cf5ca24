import { cn } from "./cn";
import { CopyButton } from "./copy-button";
import { ScrollRegion } from "./scroll-region";

type Props = {
  /** What it is ("Command", "Query of p99"): its accessible name. */
  readonly label: string;
  readonly text: string;
  readonly className?: string;
};

/** Something to copy and run: a command, a query, a document. */
export function Code({ label, text, className }: Props) {
  return (
    <div className={cn("flex min-w-0 items-start rounded-lg border bg-bg", className)}>
      <ScrollRegion label={label} className="flex-1 rounded-lg">
        <pre className="num w-max py-2 pl-3 text-xs leading-relaxed">
          <code>{text}</code>
        </pre>
      </ScrollRegion>
      <CopyButton iconOnly label={`Copy ${label.toLowerCase()}`} text={text} className="m-1.25" />
    </div>
  );
}
