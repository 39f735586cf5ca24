import { formatQuantity } from "@/lib/format";
import { cn } from "./cn";

type Props = {
  /** `null`: not measured; shown as a dash. */
  readonly value: number | null;
  readonly unit?: string;
  readonly className?: string;
};

/** A number in tabular figures, rounded for reading, exact on hover. */
export function Num({ value, unit = "", className }: Props) {
  if (value === null) return <span className={cn("num", className)}>—</span>;
  const { text, exact } = formatQuantity(value, unit);
  return (
    <span className={cn("num whitespace-nowrap", className)} title={exact}>
      {text}
    </span>
  );
}
