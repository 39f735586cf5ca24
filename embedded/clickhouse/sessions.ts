import type { Connection, Engine } from "./engine";
import { exception } from "./errors";

type Session = { readonly connection: Connection; busy: boolean; timer?: NodeJS.Timeout };
export type Lease = { readonly connection: Connection; release(): void };

/** One engine connection per request (0.2 ms), which isolates settings, parameters and the database; per session where one is named. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  constructor(
    private readonly engine: Engine,
    private readonly dir: string,
  ) {}

  /** Throws ClickHouse's code 373 while another request uses the session. */
  take(id: string | null, timeoutSeconds: number): Lease {
    if (id === null) {
      const connection = this.engine.CreateConnection(this.dir);
      return { connection, release: () => this.engine.CloseConnection(connection) };
    }
    const session = this.#sessions.get(id) ?? { connection: this.engine.CreateConnection(this.dir), busy: false };
    if (session.busy) throw exception(373, "SESSION_IS_LOCKED", `Session ${id} is locked by a concurrent client.`);
    this.#sessions.set(id, session);
    clearTimeout(session.timer);
    session.busy = true;
    return { connection: session.connection, release: () => this.#rest(id, session, timeoutSeconds) };
  }

  closeAll(): void {
    for (const session of this.#sessions.values()) this.engine.CloseConnection(session.connection);
    this.#sessions.clear();
  }

  #rest(id: string, session: Session, timeoutSeconds: number): void {
    session.busy = false;
    session.timer = setTimeout(() => {
      this.#sessions.delete(id);
      this.engine.CloseConnection(session.connection);
    }, timeoutSeconds * 1000).unref();
  }
}
