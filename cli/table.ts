type Column<Row> = {
  readonly head: string;
  readonly cell: (row: Row) => string | number | null | undefined;
  readonly right?: boolean;
};

/** Rows in columns, for people; `none` when there are none. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], none: string): string {
  if (rows.length === 0) return `${none}\n`;
  const cells = rows.map((row) => columns.map(({ cell }) => String(cell(row) ?? "-")));
  const lines = [columns.map(({ head }) => head), ...cells];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((text, index) => {
          const width = widths[index] ?? 0;
          return columns[index]?.right ? text.padStart(width) : text.padEnd(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

/** Name and value per line. */
export function facts(pairs: readonly (readonly [name: string, value: unknown])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${value ?? "-"}\n`).join("");
}

/** The start of a digest. */
export const short = (digest: string | null | undefined) => digest?.slice(0, 12);

/** A time to the second, UTC. */
export const utc = (iso: string | null | undefined) => iso?.replace("T", " ").replace(/(\.\d+)?Z$/, "Z");

type Page = { readonly nextCursor: string | null };

/** Says how to go on where a list has more. */
export const more = ({ nextCursor }: Page) => (nextCursor ? `more: --cursor ${nextCursor}\n` : "");
