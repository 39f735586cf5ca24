import { Agent, request } from "node:http";

export type LoadOptions = {
  /** Asked before every request, because an endpoint may be restarted. */
  url: string;
  token: string;
  /** Body of request `id`. */
  body(id: string): string;
  clients: number;
};

/** Sends requests one after the other from several clients until it is stopped, and keeps what became of each id. */
export class Load {
  readonly sent = new Set<string>();
  /** Status by id, of requests whose answer was read to its end. */
  readonly answered = new Map<string, number>();
  /** Requests whose connection broke. */
  broken = 0;
  private isRunning = true;
  private readonly agent: Agent;
  private readonly running: Promise<unknown>;

  constructor(private readonly options: LoadOptions) {
    this.agent = new Agent({ keepAlive: true, maxSockets: options.clients });
    this.running = Promise.all(Array.from({ length: options.clients }, (_, k) => this.client(k)));
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    await this.running;
    this.agent.destroy();
  }

  private async client(k: number): Promise<void> {
    for (let n = 0; this.isRunning; n++) {
      const id = `c${k}-${n}`;
      this.sent.add(id);
      const status = await this.send(id);
      if (status !== null) this.answered.set(id, status);
      else {
        this.broken++;
        await new Promise((resolve) => setTimeout(resolve, 5)); // nobody listens just now
      }
    }
  }

  private send(id: string): Promise<number | null> {
    const { url, token, body } = this.options;
    return new Promise((resolve) => {
      const headers = { authorization: `Bearer ${token}` };
      const req = request(url, { method: "POST", agent: this.agent, headers }, (res) => {
        res.on("data", () => {});
        res.on("end", () => resolve(res.statusCode ?? 0));
        res.on("error", () => resolve(null));
      });
      req.on("error", () => resolve(null));
      req.end(body(id));
    });
  }
}

/** What became of one request of an open loop; times by performance.now(). */
export type Sent = {
  /** When it was due, whenever it really left: a late client does not hide a slow server. */
  readonly due: number;
  /** When the last byte of the answer was read, or the connection broke. */
  readonly ended: number;
  /** Null: the connection broke, or was refused. */
  readonly status: number | null;
  /** `model_version` of the answer. */
  readonly version: string | null;
};

export type OpenLoadOptions = {
  readonly url: string;
  readonly token: string;
  readonly body: (id: string) => string;
  readonly perSecond: number;
};

/** An open loop: sends at a steady rate, whether answers come or not, and keeps what became of every request. */
export class OpenLoad {
  readonly ended: Sent[] = [];
  private readonly agent = new Agent({ keepAlive: true });
  private readonly start = performance.now();
  private readonly open = new Set<Promise<void>>();
  private readonly watchers = new Set<(sent: Sent) => void>();
  private timer: NodeJS.Timeout | undefined;
  private count = 0;

  constructor(private readonly options: OpenLoadOptions) {
    this.tick();
  }

  /** Sends no more and waits for what is open. */
  async stop(): Promise<readonly Sent[]> {
    clearTimeout(this.timer);
    await Promise.all(this.open);
    this.agent.destroy();
    return this.ended;
  }

  /** The next request to end from now on that is as wanted. */
  next(isWanted: (sent: Sent) => boolean): Promise<Sent> {
    return new Promise((resolve) => {
      const watch = (sent: Sent) => {
        if (!isWanted(sent)) return;
        this.watchers.delete(watch);
        resolve(sent);
      };
      this.watchers.add(watch);
    });
  }

  private readonly tick = (): void => {
    const everyMs = 1000 / this.options.perSecond;
    for (let due = this.dueAt(everyMs); due <= performance.now(); due = this.dueAt(everyMs)) {
      const sending = this.send(`o${this.count++}`, due).then((sent) => {
        this.open.delete(sending);
        this.ended.push(sent);
        for (const watch of this.watchers) watch(sent);
      });
      this.open.add(sending);
    }
    this.timer = setTimeout(this.tick, Math.max(1, this.dueAt(everyMs) - performance.now()));
  };

  private dueAt(everyMs: number): number {
    return this.start + this.count * everyMs;
  }

  private send(id: string, due: number): Promise<Sent> {
    const { url, token, body } = this.options;
    return new Promise((resolve) => {
      const end = (status: number | null, text = "") => {
        const version = /"model_version":"([^"]*)"/.exec(text)?.[1] ?? null;
        resolve({ due, ended: performance.now(), status, version });
      };
      const headers = { authorization: `Bearer ${token}` };
      const req = request(url, { method: "POST", agent: this.agent, headers }, (res) => {
        let text = "";
        res.on("data", (chunk) => (text += chunk));
        res.on("end", () => end(res.complete ? (res.statusCode ?? null) : null, text));
        res.on("error", () => end(null));
      });
      req.on("error", () => end(null));
      req.end(body(id));
    });
  }
}
