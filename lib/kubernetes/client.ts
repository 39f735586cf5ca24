import "server-only";
import http from "node:http";
import https from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import type { KubeRequest, KubeResponse, Transport } from "./transport";

/**
 * How a cluster is reached: the account of the pod that we run in, or the text of a kubeconfig. The library opens the files that a text
 * names and runs its programs: a text from outside is first read and reduced (lib/deployments/kubeconfig.ts).
 */
export type ClusterAccess = { readonly kind: "kubeconfig"; readonly text: string } | { readonly kind: "in_cluster" };

const MAX_SOCKETS = 16;

/** The way to a cluster's API server. Throws `RangeError` for a kubeconfig whose current context names no cluster. */
export function connect(access: ClusterAccess): Transport {
  const config = new KubeConfig();
  if (access.kind === "in_cluster") config.loadFromCluster();
  else config.loadFromString(access.text);
  const server = config.getCurrentCluster()?.server;
  if (!server) throw new RangeError("the kubeconfig's current context names no cluster");
  const base = new URL(server);
  let agent: http.Agent | null = null;
  return async (request) => {
    const options: https.RequestOptions = {};
    // Each time: a token of the pod's account is read again when it was replaced.
    await config.applyToHTTPSOptions(options);
    agent ??= config.getCurrentCluster()?.proxyUrl ? (options.agent as http.Agent) : agentFor(base, options);
    return send(base, request, { ...options, agent });
  };
}

function agentFor(
  { protocol }: URL,
  { ca, cert, key, rejectUnauthorized, servername }: https.RequestOptions,
): http.Agent {
  const common = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: MAX_SOCKETS };
  if (protocol === "http:") return new http.Agent(common);
  const tls = Object.entries({ ca, cert, key, rejectUnauthorized, servername }).filter(
    ([, value]) => value !== undefined,
  );
  return new https.Agent({ ...common, ...Object.fromEntries(tls) });
}

function send(base: URL, request: KubeRequest, options: https.RequestOptions): Promise<KubeResponse> {
  const url = new URL(base.pathname.replace(/\/+$/, "") + request.path, base);
  for (const [key, value] of Object.entries(request.query ?? {})) url.searchParams.set(key, value);
  const headers = {
    ...options.headers,
    accept: "application/json",
    ...(request.body !== undefined && {
      "content-type": request.contentType ?? "application/json",
      "content-length": `${Buffer.byteLength(request.body)}`,
    }),
  };
  const { method, signal } = request;
  const { request: open } = base.protocol === "http:" ? http : https;
  return new Promise((resolve, reject) => {
    open(url, { ...options, headers, method, signal }, (answer) => resolve(toResponse(answer)))
      .on("error", reject)
      .end(request.body);
  });
}

function toResponse(answer: http.IncomingMessage): KubeResponse {
  const after = Number(answer.headers["retry-after"]);
  return {
    status: answer.statusCode ?? 0,
    retryAfterSeconds: answer.headers["retry-after"] !== undefined && after >= 0 ? after : null,
    text: async () => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part);
      return Buffer.concat(parts).toString("utf8");
    },
    lines: () => linesOf(answer),
  };
}

/** Fails when the connection does, which a readline interface keeps to itself. */
async function* linesOf(answer: http.IncomingMessage): AsyncIterable<string> {
  let rest = "";
  for await (const part of answer.setEncoding("utf8")) {
    const lines = `${rest}${part}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line !== "");
  }
}
