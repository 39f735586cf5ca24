import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PointInTimeFeatures } from "./features";
import type { Flights } from "./flights";
import type { Label } from "./pending-labels";
import { ReplaySession } from "./replay-session";
import { REPLAY_FROM, requestsOf } from "./schedule";

/** Flights every two minutes for the first day of the replay, from two airports to each other. */
function dayOfFlights(): Flights {
  const n = 720;
  const positions = Array.from({ length: n }, (_, i) => i);
  const at = Uint32Array.from(positions, (i) => REPLAY_FROM + 120 * i);
  return {
    count: n,
    row: Uint32Array.from(positions, (i) => 1_000_000 + i),
    at,
    knownAt: at.map((t, i) => t + 7000 + 10 * (i % 7)),
    origin: Uint8Array.from(positions, (i) => i % 2),
    destination: Uint8Array.from(positions, (i) => 1 - (i % 2)),
    delay: Int16Array.from(positions, (i) => (i % 5 === 0 ? 30 : 0)),
    distance: Uint16Array.from(positions, () => 300),
    hour: Uint8Array.from(positions, (i) => Math.floor(i / 30) % 24),
    weekday: Uint8Array.from(positions, () => 1),
    airports: ["AAA", "BBB"],
  };
}

const flights = dayOfFlights();
const everyId = [...requestsOf(flights, new PointInTimeFeatures(flights))].map(({ id }) => id);

/** Requests start in order and eight are underway at a time: when one arrives, at most seven earlier ones may be missing. */
function expectInOrder(ids: readonly string[]): void {
  const arrived = new Set<string>();
  for (const id of ids) {
    const missing = everyId.slice(0, everyId.indexOf(id)).filter((earlier) => !arrived.has(earlier));
    expect(missing.length, `${id} came before ${missing}`).toBeLessThan(8);
    arrived.add(id);
  }
}

type Fault = (req: IncomingMessage, res: ServerResponse, id: string, attempt: number) => boolean;

/** An endpoint that can be told to fail as real ones do. `seen` holds the ids in order of their first arrival. */
class FaultyEndpoint {
  readonly seen = new Map<string, number>();
  readonly answered: string[] = [];
  readonly bodies: Record<string, unknown>[] = [];
  fault: Fault = () => false;
  private readonly server: Server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as { id: string };
    const attempt = (this.seen.get(body.id) ?? 0) + 1;
    this.seen.set(body.id, attempt);
    if (this.fault(req, res, body.id, attempt)) return;
    this.answered.push(body.id);
    this.bodies.push(body);
    res.end("{}");
  });

  async listen(): Promise<string> {
    await once(this.server.listen(0, "127.0.0.1"), "listening");
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/v2/models/flight-delays/infer`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe("the replay", { timeout: 60_000 }, () => {
  let dir: string;
  let endpoint: FaultyEndpoint;
  let url: string;
  let labels: Label[];
  let session: ReplaySession;
  beforeEach(async () => {
    dir = mkdtempSync(path.join(tmpdir(), "replay-"));
    endpoint = new FaultyEndpoint();
    url = await endpoint.listen();
    labels = [];
  });
  afterEach(() => {
    endpoint.close();
    rmSync(dir, { recursive: true });
  });

  const makeSession = (sendLabels = async (sent: readonly Label[]) => void labels.push(...sent)) => {
    const product = { access: async () => ({ url, token: "t" }), sendLabels, say: () => undefined };
    session = new ReplaySession(dir, product, { secondsPerDay: 0.5 });
    return session;
  };
  const run = () => session.run(flights, new PointInTimeFeatures(flights));
  const stats = () => JSON.parse(readFileSync(path.join(dir, "replay-stats.json"), "utf8"));

  test("asks for every flight once, with event and feature time, and sends each label", async () => {
    makeSession();
    await run();
    expect(endpoint.answered).toHaveLength(everyId.length);
    expectInOrder(endpoint.answered);
    expect(endpoint.bodies.find(({ id }) => id === everyId[0])).toMatchObject({
      parameters: { event_time: REPLAY_FROM * 1000 },
    });
    expect(labels).toHaveLength(flights.count);
    expect(new Set(labels.map(({ requestId, row }) => `${requestId}/${row}`)).size).toBe(flights.count);
    expect(labels.filter(({ late }) => late)).toHaveLength(flights.count / 5);
    expect(stats()).toMatchObject({ sent: everyId.length, answered: everyId.length, failed: 0, rows: flights.count });
    expect(session.state.finished).toBe(true);
  });

  test("loses and skips nothing when connections break, the endpoint is busy or away", async () => {
    endpoint.fault = (req, res, id, attempt) => {
      if (attempt > 1) return false;
      const kind = id.charCodeAt(id.length - 1) % 4;
      if (kind === 0) req.socket.destroy();
      else if (kind === 1) res.writeHead(503).end("{}");
      else if (kind === 2) res.writeHead(404).end("{}");
      return kind < 3;
    };
    makeSession();
    await run();
    expectInOrder([...endpoint.seen.keys()]);
    expect([...endpoint.answered].sort()).toEqual([...everyId].sort());
    expect(stats()).toMatchObject({ sent: everyId.length, answered: everyId.length, failed: 0 });
    expect(stats().repeated).toBeGreaterThan(0);
    expect(labels).toHaveLength(flights.count);
  });

  test("goes on where it was stopped: no request twice, no label missing", async () => {
    let arrived = 0;
    endpoint.fault = () => {
      if (++arrived === 40) session.stop();
      return false;
    };
    makeSession();
    await run();
    const before = endpoint.answered.length;
    expect(before).toBeLessThan(everyId.length);
    makeSession();
    await run();
    expect([...endpoint.answered].sort()).toEqual([...everyId].sort());
    expect(new Set(labels.map(({ requestId, row }) => `${requestId}/${row}`)).size).toBe(flights.count);
    expect(stats()).toMatchObject({ sent: everyId.length, answered: everyId.length });
  });

  test("counts a refused request as failed, by id, and sends no label for it", async () => {
    const refused = everyId[3] ?? "";
    endpoint.fault = (_req, res, id) => {
      if (id === refused) res.writeHead(400).end('{"error":"wrong tensor"}');
      return id === refused;
    };
    makeSession();
    await run();
    expect(stats()).toMatchObject({ sent: everyId.length, answered: everyId.length - 1, failed: 1 });
    expect(readFileSync(path.join(dir, "replay-requests.tsv"), "utf8")).toContain(`${refused}\t`);
    expect(labels.filter(({ requestId }) => requestId === refused)).toEqual([]);
  });

  test("keeps labels until the portal takes them, and sends none before its flight has landed", async () => {
    let refusals = 2;
    const early: Label[] = [];
    makeSession(async (sent) => {
      if (refusals-- > 0) throw new Error("portal is away");
      if (!session.state.finished) early.push(...sent.filter(({ knownAt }) => knownAt > session.reached + 86_400));
      labels.push(...sent);
    });
    await run();
    expect(labels).toHaveLength(flights.count);
    expect(early).toEqual([]);
    expect(labels.map(({ knownAt }) => knownAt)).toEqual([...labels.map((l) => l.knownAt)].sort((a, b) => a - b));
  });
});

describe("the schedule", () => {
  test("sends every request before any of its flights has landed, in order", () => {
    let due = 0;
    const rows: number[] = [];
    for (const request of requestsOf(flights, new PointInTimeFeatures(flights))) {
      expect(request.due).toBeGreaterThanOrEqual(due);
      for (const flight of request.flights) {
        expect(flight.at).toBeLessThanOrEqual(request.due);
        expect(flight.knownAt).toBeGreaterThan(request.due);
        rows.push(flight.at);
      }
      due = request.due;
    }
    expect(rows.sort((a, b) => a - b)).toEqual([...flights.at]);
  });
});
