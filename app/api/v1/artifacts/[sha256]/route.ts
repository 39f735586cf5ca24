import { currentPrincipal } from "@/lib/auth/queries";
import { storeArtifact } from "@/lib/registry/commands/store-artifact";
import { findArtifact, readArtifact } from "@/lib/registry/queries/artifacts";
import { answer } from "@/lib/route";

type Context = { readonly params: Promise<{ readonly sha256: string }> };

/** 201 when the bytes were written, 200 at once when they are here already. The body is streamed to disk. */
export function PUT(request: Request, { params }: Context): Promise<Response> {
  return answer(request, async () => {
    const { sha256 } = await params;
    const length = request.headers.get("content-length");
    const stored = await storeArtifact.call(await currentPrincipal(), {
      sha256,
      // A missing length is refused by the schema, with the words to say so.
      size: length === null ? Number.NaN : Number(length),
      body: (request.body ?? new Blob().stream()) as AsyncIterable<Uint8Array> & ReadableStream<Uint8Array>,
    });
    return Response.json(stored, { status: stored.created ? 201 : 200, headers: { "cache-control": "no-store" } });
  });
}

export function GET(request: Request, { params }: Context): Promise<Response> {
  return answer(request, async () => {
    const { size, body } = await readArtifact.call(await currentPrincipal(), await params);
    return new Response(body, { headers: bytesHeaders(size) });
  });
}

export function HEAD(request: Request, { params }: Context): Promise<Response> {
  return answer(request, async () => {
    const found = await findArtifact.call(await currentPrincipal(), await params);
    return new Response(null, found ? { headers: bytesHeaders(found.size) } : { status: 404 });
  });
}

/** Never shown by a browser as a page: the bytes are a stranger's. */
function bytesHeaders(size: number): Record<string, string> {
  return {
    "content-type": "application/octet-stream",
    "content-length": String(size),
    "content-disposition": "attachment",
    "cache-control": "private, no-store",
  };
}
