import { can } from "@/lib/auth/permissions";
import { currentPrincipal } from "@/lib/auth/queries";
import { recordGroundTruth } from "@/lib/monitoring/commands/record-ground-truth";
import { readNdjson } from "@/lib/monitoring/ndjson";
import { groundTruthLine, MAX_GROUND_TRUTH_LINE_BYTES, MAX_GROUND_TRUTH_LINES } from "@/lib/monitoring/schema";
import { answer } from "@/lib/route";

const LIMITS = { lines: MAX_GROUND_TRUTH_LINES, lineBytes: MAX_GROUND_TRUTH_LINE_BYTES };

/** Newline-delimited JSON, one label a line. 202: taken in; a label counts once its row is known. */
export function POST(request: Request): Promise<Response> {
  return answer(
    request,
    async () => {
      const principal = await currentPrincipal();
      // Who may not write is told so by the operation, before a body is read.
      const mayWrite = principal !== null && can(principal, recordGroundTruth.permission);
      const body = (request.body ?? new Blob().stream()) as AsyncIterable<Uint8Array> & ReadableStream<Uint8Array>;
      const lines = mayWrite ? await readNdjson(body, groundTruthLine, LIMITS) : [];
      return recordGroundTruth.call(principal, { lines });
    },
    202,
  );
}
