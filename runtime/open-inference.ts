import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Intake, IntakeState } from "./intake";
import { Refusal } from "./refusal";
import type { LoadedRevision } from "./revision";

/** Open Inference Protocol (version 2) over HTTP with JSON, for one model. */
export type OpenInferenceOptions = {
  endpoint: string;
  intake: Intake;
  state: IntakeState;
  metrics(): string;
};

type Route = { model: string; version: string | null; action: string };

export function openInferenceHandler(options: OpenInferenceOptions): RequestListener {
  const { endpoint, intake, state } = options;
  const inferPath = `/v2/models/${endpoint}/infer`;
  return (req, res) => {
    const path = req.url?.split("?", 1)[0] ?? "";
    if (path === inferPath && req.method === "POST") {
      intake.handle(req, res, null, null);
      return;
    }
    const route = readRoute(path);
    if (route?.action === "infer" && req.method === "POST") {
      intake.handle(req, res, wrongModel(route, endpoint, state), route.version);
      return;
    }
    req.resume();
    if (path === "/metrics" && isRead(req)) sendText(res, options.metrics());
    else
      sendJson(res, isRead(req) ? read(path, route, options) : [405, error("only infer takes another method, POST")]);
  };
}

const isRead = ({ method }: IncomingMessage): boolean => method === "GET" || method === "HEAD";

function readRoute(path: string): Route | null {
  const match = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(infer|ready))?$/.exec(path);
  if (!match) return null;
  const [, model = "", version, action = ""] = match;
  return { model: decoded(model), version: version === undefined ? null : decoded(version), action };
}

/** A malformed escape is not an error of its own: it just names nothing that exists. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function wrongModel(route: Route, endpoint: string, state: IntakeState): Refusal | null {
  if (route.model !== endpoint) {
    return new Refusal(404, "model", `unknown model "${route.model}", this endpoint serves '${endpoint}'`);
  }
  const version = state.serving?.lane.revision.config.modelVersion;
  if (route.version === null || version === undefined || route.version === version) return null;
  return new Refusal(404, "model", `unknown version "${route.version}" of '${endpoint}', version '${version}' serves`);
}

function read(path: string, route: Route | null, { endpoint, state }: OpenInferenceOptions): [number, unknown] {
  const isReady = state.serving !== null;
  const readiness = isReady ? 200 : 503;
  if (path === "/v2" || path === "/v2/") return [200, { name: "proviso", version: "0.1.0", extensions: [] }];
  if (path === "/v2/health/live") return [200, { live: true }];
  if (path === "/v2/health/ready") return [readiness, { ready: isReady }];
  if (!route) return [404, error("unknown path")];
  const refusal = wrongModel(route, endpoint, state);
  if (refusal) return [refusal.status, error(refusal.message)];
  if (route.action === "ready") return [readiness, { name: endpoint, ready: isReady }];
  if (route.action === "infer") return [405, error("infer takes POST")];
  if (!state.serving) return [503, error("no revision is ready")];
  return [200, metadata(endpoint, state.serving.lane.revision)];
}

/** Only the output that is answered is listed: a client that asks for everything listed gets it. */
const metadata = (endpoint: string, { config, shape }: LoadedRevision) => ({
  name: endpoint,
  versions: [config.modelVersion],
  platform: "onnxruntime_onnx",
  inputs: [{ name: shape.input, datatype: "FP32", shape: [-1, shape.features.length] }],
  outputs: [{ name: shape.output, datatype: "FP32", shape: shape.isVector ? [-1] : [-1, shape.width] }],
});

const error = (text: string) => ({ error: text });

function sendJson(res: ServerResponse, [status, body]: [number, unknown]): void {
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function sendText(res: ServerResponse, body: string): void {
  res.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(body);
}
