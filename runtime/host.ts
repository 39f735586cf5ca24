import { fstatSync } from "node:fs";
import pino from "pino";
import type { Applied, DesiredState, HostStatus } from "@/lib/inference/desired-state";
import type { FaultAnswer, FaultRequest } from "@/lib/inference/fault";
import { keepAdminAccess } from "./admin-access";
import { mergeDesired, withoutPort } from "./desired";
import { type HostSettings, readEnvironment } from "./env";
import { FaultRefused } from "./fault-channel";
import { adminServer } from "./host-admin";
import { type Rollback, type RollbackOrder, rollBack } from "./host-rollback";
import { HostedEndpoint, spoolRoot } from "./hosted-endpoint";
import { HostedShipper } from "./hosted-shipper";
import { freePort, LOOPBACK, listen } from "./listen";
import { StateFile } from "./state-file";

/** The local serving runtime: keeps one process per endpoint as the desired state on disk says. Serves without the portal. */
class Host {
  private readonly endpoints = new Map<string, HostedEndpoint>();
  /** One change at a time: ports are handed out and the state is written in order. */
  private work: Promise<unknown> = Promise.resolve();
  private readonly log = pino({ name: "runtime" });
  private readonly server;
  private shipper: HostedShipper | undefined;

  constructor(
    private readonly settings: HostSettings,
    private readonly file: StateFile,
  ) {
    this.server = adminServer({
      token: settings.token,
      log: this.log,
      apply: (wanted) => this.inOrder(() => this.applyNow(wanted)),
      status: () => this.status(),
      rollBack: (order) => this.inOrder(() => this.rollBackNow(order)),
      breakModel: settings.isDrill ? (request) => this.breakModel(request) : null,
    });
  }

  async start(): Promise<void> {
    const port = await listen(this.server, this.settings.port); // also the lock: a second host ends here
    keepAdminAccess(this.settings.dir, { url: `http://${LOOPBACK}:${port}`, token: this.settings.token });
    await this.startShipper();
    this.startMissing();
    this.log.info({ port, endpoints: this.endpoints.size }, "runtime host ready");
  }

  async stop(): Promise<void> {
    this.server.close();
    // The shipper last: what the endpoints wrote while they ended goes out before it, or waits in the spool.
    await Promise.all([...this.endpoints.values()].map((endpoint) => endpoint.stop()));
    await this.shipper?.stop();
  }

  private async startShipper(): Promise<void> {
    const { clickhouseUrl, dir, portRange } = this.settings;
    if (!clickhouseUrl) return;
    const { state } = this.file;
    const taken = new Set(Object.values(state.endpoints).map(({ port }) => port));
    const port = state.shipperPort ?? (await freePort(portRange, taken));
    if (port !== state.shipperPort) this.file.save({ ...state, shipperPort: port });
    this.shipper = new HostedShipper({ spoolRoot: spoolRoot(dir), clickhouseUrl, port }, this.log);
    this.shipper.start();
  }

  private inOrder<T>(task: () => Promise<T>): Promise<T> {
    const result = this.work.then(task);
    this.work = result.catch(() => {});
    return result;
  }

  /** One step back, on disk before anything is told to go back; the portal hears of it by the status. */
  private async rollBackNow(order: RollbackOrder): Promise<Rollback> {
    const next = rollBack(this.file.state.endpoints[order.endpoint], order, Date.now());
    this.file.saveEndpoint(order.endpoint, next);
    this.log.warn({ endpoint: order.endpoint, rolledBack: next.rolledBack }, "rolled back on the host");
    await this.bringAbout(order.endpoint);
    return next.rolledBack;
  }

  private async breakModel(request: FaultRequest): Promise<FaultAnswer> {
    const hosted = this.endpoints.get(request.endpoint);
    if (!hosted) throw new FaultRefused(404, `there is no endpoint '${request.endpoint}'`);
    return hosted.breakModel(request);
  }

  private async applyNow({ endpoints: wanted }: DesiredState): Promise<Applied> {
    const held = this.file.state;
    const taken = new Set([...Object.values(held.endpoints).map(({ port }) => port), held.shipperPort ?? 0]);
    const ports = new Map<string, number>();
    for (const name of withoutPort(held, wanted)) {
      const port = await freePort(this.settings.portRange, taken);
      taken.add(port);
      ports.set(name, port);
    }
    // Read again: a probation may have ended while ports were tried.
    const { next, applied } = mergeDesired(this.file.state, wanted, ports);
    const accepted = applied.endpoints.filter(({ result }) => result === "accepted").map(({ name }) => name);
    if (accepted.length > 0) this.file.save(next);
    for (const name of accepted) await this.bringAbout(name);
    return applied;
  }

  private async bringAbout(name: string): Promise<void> {
    const running = this.endpoints.get(name);
    if (this.file.state.endpoints[name]?.config) {
      running?.assign();
      this.startMissing();
    } else if (running) {
      this.endpoints.delete(name);
      await running.stop();
    }
  }

  private startMissing(): void {
    for (const [name, { config }] of Object.entries(this.file.state.endpoints)) {
      if (!config || this.endpoints.has(name)) continue;
      const endpoint = new HostedEndpoint(name, this.settings, this.file, this.log);
      this.endpoints.set(name, endpoint);
      endpoint.start();
    }
  }

  private status(): HostStatus {
    return {
      endpoints: [...this.endpoints.values()].map((endpoint) => endpoint.status()),
      shipper: this.shipper?.status() ?? {
        ok: false,
        reason: "CLICKHOUSE_URL is not set: events wait in the spool",
        pid: null,
      },
    };
  }
}

/** When started with a pipe as standard input, its end is the end of the parent, also after a kill. */
function onParentGone(end: () => void): void {
  const input = fstatSync(0);
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.on("error", end).on("end", end).resume();
}

async function main(): Promise<void> {
  const settings = readEnvironment();
  const host = new Host(settings, new StateFile(settings.dir));
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    void host.stop().then(() => process.exit(0));
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  onParentGone(end);
  await host.start();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
