import { spark } from "./spark";

type Props = {
  /** What it shows, in words: "Latency p99, last 24 hours, last 27.8 ms". */
  readonly label: string;
  /** Evenly spaced buckets; `null` is a gap. */
  readonly values: readonly (number | null)[];
  readonly signed?: number | null;
  readonly width?: number;
  readonly height?: number;
};

/** The shape of a clause beside its number, drawn on the server. Without a measurement it says so. */
export function Sparkline({ label, values, signed = null, width = 110, height = 24 }: Props) {
  if (values.every((value) => value === null)) {
    return (
      <span className="inline-flex items-center text-xs text-muted" style={{ width, height }}>
        no data
      </span>
    );
  }
  const { path, dots, signedY } = spark(values, signed, width, height);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {signedY !== null && (
        <line x1={0} x2={width} y1={signedY} y2={signedY} className="stroke-faint" strokeDasharray="3 3" />
      )}
      <path d={path} fill="none" className="stroke-chart-1" strokeWidth={1.5} strokeLinejoin="round" />
      {dots.map(({ x, y }) => (
        <circle key={x} cx={x} cy={y} r={1.5} className="fill-chart-1" />
      ))}
    </svg>
  );
}
