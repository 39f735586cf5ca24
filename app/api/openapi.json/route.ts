import { answer } from "@/lib/route";
import { toOpenApi } from "./open-api";
import { OPERATIONS } from "./operations";

let document: ReturnType<typeof toOpenApi> | undefined;

/** The description of the HTTP API, open to everyone: it tells nothing that the source does not. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async () => {
    document ??= toOpenApi(OPERATIONS);
    return document;
  });
}
