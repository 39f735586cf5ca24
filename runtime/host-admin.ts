import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Logger } from "pino";
import { z } from "zod";
import { type Applied, type DesiredState, desiredState, type HostStatus } from "@/lib/inference/desired-state";
import { FAULT_PATH, type FaultAnswer, type FaultRequest, faultRequest } from "@/lib/inference/fault";
import { FaultRefused } from "./fault-channel";
import { type Rollback, type RollbackOrder, RollbackRefused, rollbackOrder } from "./host-rollback";
import { digestsEqual } from "./secret";
import { readKeys } from "./token";

export type AdminOptions = {
  token: string;
  log: Logger;
  apply(wanted: DesiredState): Promise<Applied>;
  status(): HostStatus;
  /** @throws RollbackRefused */
  rollBack(order: RollbackOrder): Promise<Rollback>;
  /** Only on a host for drills; elsewhere its path is unknown. @throws FaultRefused */
  breakModel: ((request: FaultRequest) => Promise<FaultAnswer>) | null;
};

const PATHS = new Set(["/v1/status", "/v1/state", "/v1/rollback"]);
const BODY_LIMIT = 32 * 1024 ** 2;

/** A request that the caller got wrong; the text is for the caller. */
class BadRequest extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The host's admin interface, loopback only: the whole desired state in, the observed state out, and one step back. */
export function adminServer(options: AdminOptions): Server {
  return createServer({ requestTimeout: 30_000 }, (req, res) => {
    answer(req, options).then(
      (body) => send(res, 200, body),
      (error: unknown) => {
        if (error instanceof BadRequest) return send(res, error.status, { error: error.message });
        if (error instanceof FaultRefused) return send(res, error.status, { error: error.message });
        if (error instanceof RollbackRefused) return send(res, 409, { error: error.message });
        options.log.error({ err: error }, "admin request failed");
        send(res, 500, { error: "the host could not do this; its log says why" });
      },
    );
  });
}

async function answer(req: IncomingMessage, options: AdminOptions): Promise<unknown> {
  const path = req.url?.split("?", 1)[0];
  if (path === "/health" && req.method === "GET") return { status: "ok" };
  const given = /^bearer (.+)$/i.exec(req.headers.authorization ?? "")?.[1];
  if (!given || !digestsEqual(given, options.token)) throw new BadRequest(401, "the host's token is required");
  switch (`${req.method} ${path}`) {
    case "GET /v1/status":
      return options.status();
    case "PUT /v1/state":
      return options.apply(parseState(await readBody(req)));
    case "POST /v1/rollback":
      return options.rollBack(parse(rollbackOrder, await readBody(req)));
  }
  if (path === FAULT_PATH && options.breakModel && req.method === "POST") {
    return options.breakModel(parse(faultRequest, await readBody(req)));
  }
  if (path !== undefined && PATHS.has(path)) throw new BadRequest(405, `${req.method} is not known here`);
  throw new BadRequest(404, "unknown path");
}

async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new BadRequest(413, "body over 32 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parse<T extends z.ZodType>(schema: T, text: string): z.output<T> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new BadRequest(400, "the body is not valid JSON");
  }
  const read = schema.safeParse(body);
  if (!read.success) throw new BadRequest(400, z.prettifyError(read.error));
  return read.data;
}

function parseState(text: string): DesiredState {
  const state = parse(desiredState, text);
  const names = state.endpoints.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new BadRequest(400, `endpoint '${twice}' is named twice`);
  for (const endpoint of state.endpoints) if (!("removed" in endpoint)) checkKeys(endpoint.name, endpoint.auth.jwks);
  return state;
}

function checkKeys(name: string, jwks: Parameters<typeof readKeys>[0]): void {
  try {
    readKeys(jwks);
  } catch (error) {
    throw new BadRequest(400, `endpoint '${name}': ${error instanceof Error ? error.message : "unusable keys"}`);
  }
}

function send(res: ServerResponse, status: number, body: unknown): void {
  if (res.headersSent) return;
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
