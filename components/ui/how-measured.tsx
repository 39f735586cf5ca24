import { CircleHelp } from "lucide-react";
import { Code } from "./code";
import { Popover } from "./popover";

type Props = {
  /** The number it explains: "Latency p99". */
  readonly of: string;
  /** Where and by what it is measured, in words. */
  readonly probe: string;
  /** The range it covers, in words with exact times. */
  readonly window: string;
  /** How many observations; already formatted. */
  readonly n: string;
  /** More lines: interval, clock, minimum of samples, consecutive evaluations, as of. */
  readonly more?: readonly (readonly [term: string, text: string])[];
  /** The query that gave the number, as it ran. */
  readonly query?: string;
};

/** Behind every measured number: probe, window, n, and the query itself. */
export function HowMeasured({ of, probe, window, n, more = [], query }: Props) {
  const lines = [["Probe", probe], ["Window", window], ["n", n], ...more] as const;
  return (
    <Popover
      label={`How ${of} is measured`}
      trigger={
        <button
          type="button"
          aria-label={`How ${of} is measured`}
          className="relative z-1 -my-1 inline-flex size-5 items-center justify-center rounded-full align-middle text-faint hover:bg-hover hover:text-fg"
        >
          <CircleHelp aria-hidden className="size-3.25" />
        </button>
      }
    >
      <h3 className="mb-2 font-semibold">How {of} is measured</h3>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
        {lines.map(([term, text]) => (
          <div key={term} className="contents">
            <dt className="text-muted">{term}</dt>
            <dd className="wrap-anywhere">{text}</dd>
          </div>
        ))}
      </dl>
      {query && <Code className="mt-3 max-h-60" label={`Query of ${of}`} text={query} />}
    </Popover>
  );
}
