export type RowReference = { readonly requestId: string; readonly row: number };

/**
 * What a label's `row` points at: `<request id>` is the first row of that request, `<request id>/<row>` the row at that position.
 * A request id that itself ends in `/<digits>` is therefore always written with its row. Null for a position above 65,535.
 */
export function parseRowReference(text: string): RowReference | null {
  const [, requestId = text, position = "0"] = /^(.+)\/(\d+)$/.exec(text) ?? [];
  const row = Number(position);
  return row <= 65_535 ? { requestId, row } : null;
}
