/** Live: this process answers. Says nothing about what it needs; see /api/ready. */
export function GET(): Response {
  return Response.json({ status: "live" }, { headers: { "cache-control": "no-store" } });
}
