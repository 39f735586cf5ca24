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
