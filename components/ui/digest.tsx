import { cn } from "./cn";
import { CopyButton } from "./copy-button";

type Props = {
  /** Hexadecimal, with or without a prefix such as `sha256:`. */
  readonly value: string;
  /** Shown hexadecimal digits. */
  readonly digits?: number;
  readonly copy?: boolean;
  readonly className?: string;
};

/** The start of a digest; the whole on hover and on the clipboard. */
export function Digest({ value, digits = 8, copy = true, className }: Props) {
  const hex = value.slice(value.indexOf(":") + 1);
  return (
    <span className={cn("inline-flex items-center gap-0.5 align-baseline", className)}>
      <span className="num" title={value}>
        {hex.slice(0, digits)}
      </span>
      {copy && <CopyButton iconOnly label={`Copy digest ${hex.slice(0, digits)}`} text={value} className="size-5" />}
    </span>
  );
}
