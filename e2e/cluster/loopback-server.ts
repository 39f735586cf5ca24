// HTTP servers and calls of a test on loopback: what stands behind a gateway, and who calls through it.
import http from "node:http";
import type { AddressInfo } from "node:net";

export type LoopbackServer = { readonly port: number; readonly close: () => Promise<void> };
export type Reply = { readonly status: number; readonly headers: http.IncomingHttpHeaders; readonly body: string };

/** A server that answers every request by `answer`, on a free port. */
export async function serve(answer: http.RequestListener): Promise<LoopbackServer> {
  const server = http.createServer(answer);
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
}

type Call = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** One request to a port of this machine, on a connection of its own. */
export function call(port: number, { method, path, headers = {}, body }: Call): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port, agent: false, method, path, headers }, (reply) => {
      let text = "";
      reply.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
      reply.on("end", () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: text }));
      reply.on("error", reject);
    });
    request.on("error", reject).end(body);
  });
}
