import { connection } from "next/server";
import { dependencies } from "@/lib/system";

/** Ready: every configured dependency answers. 503 names the ones that do not, with the reason. */
export async function GET(): Promise<Response> {
  await connection();
  const found = await dependencies();
  const ready = found.every(({ state }) => state !== "down");
  return Response.json(
    { status: ready ? "ready" : "not ready", dependencies: found },
    { status: ready ? 200 : 503, headers: { "cache-control": "no-store" } },
  );
}
