import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type Server } from "node:http";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** `GET /status` on 127.0.0.1 for the holder of the token (Bearer): how the children are. */
export async function serveStatus(port: number, token: string, status: () => unknown): Promise<Server> {
  const wanted = digest(`Bearer ${token}`);
  const server = createServer((req, res) => {
    if (!timingSafeEqual(digest(req.headers.authorization ?? ""), wanted)) return void res.writeHead(401).end();
    if (req.method !== "GET" || req.url !== "/status") return void res.writeHead(404).end();
    res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(status()));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  return server;
}
