import { formatPercent } from "@/lib/format";

export type ComparedBar = {
  readonly bin: number;
  readonly label: string;
  readonly reference: number;
  readonly window: number;
};

type Props = {
  /** What it shows; its accessible name. */
  readonly label: string;
  readonly bars: readonly ComparedBar[];
  readonly referenceName: string;
  readonly windowName: string;
};

const HEIGHT = 96;

/** Two distributions over the same bins: bars of the window, a line across each for the reference. Drawn on the server. */
export function ComparedHistogram({ label, bars, referenceName, windowName }: Props) {
  const top = Math.max(1e-9, ...bars.flatMap(({ reference, window }) => [reference, window]));
  const largest = [...bars].sort((a, b) => gap(b) - gap(a)).slice(0, 3);
  return (
    <figure>
      <figcaption className="sr-only">
        {label}. Largest differences:{" "}
        {largest
          .map((bar) => `${bar.label}: ${formatPercent(bar.reference)} then, ${formatPercent(bar.window)} now`)
          .join("; ")}
        .
      </figcaption>
      <ul className="flex flex-wrap gap-x-4 gap-y-0.5 pb-2 text-xs text-muted" aria-hidden>
        <li className="flex items-center gap-1.25">
          <span className="size-2.5 rounded-sm bg-chart-1" /> {windowName}
        </li>
        <li className="flex items-center gap-1.25">
          <span className="h-0.5 w-3 bg-fg" /> {referenceName}
        </li>
      </ul>
      <div className="flex items-end gap-px" style={{ height: HEIGHT }} aria-hidden>
        {bars.map((bar) => (
          <div
            key={bar.bin}
            title={`${bar.label}: ${formatPercent(bar.reference)} then, ${formatPercent(bar.window)} now`}
            className="relative h-full min-w-0 flex-1 border-b"
          >
            <div
              className="absolute inset-x-0 bottom-0 rounded-t-sm bg-chart-1 opacity-80"
              style={{ height: `${(100 * bar.window) / top}%` }}
            />
            <div className="absolute inset-x-0 h-0.5 bg-fg" style={{ bottom: `${(100 * bar.reference) / top}%` }} />
          </div>
        ))}
      </div>
      <div className="flex justify-between gap-3 pt-1 text-2xs text-muted" aria-hidden>
        <span>{bars[0]?.label}</span>
        <span>{bars.length > 1 ? bars.at(-1)?.label : null}</span>
      </div>
      <details className="pt-1 text-xs">
        <summary className="w-fit text-muted hover:text-fg">Table</summary>
        <table className="mt-1">
          <thead className="text-left text-muted">
            <tr>
              <th scope="col" className="pr-4 font-medium">
                Range
              </th>
              <th scope="col" className="pr-4 text-right font-medium">
                Reference
              </th>
              <th scope="col" className="text-right font-medium">
                Now
              </th>
            </tr>
          </thead>
          <tbody className="num">
            {bars.map((bar) => (
              <tr key={bar.bin}>
                <td className="pr-4">{bar.label}</td>
                <td className="pr-4 text-right">{formatPercent(bar.reference)}</td>
                <td className="text-right">{formatPercent(bar.window)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

const gap = ({ reference, window }: ComparedBar) => Math.abs(reference - window);
