import type { FaultAnswer, FaultRequest } from "@/lib/inference/fault";
import type { ToEndpoint } from "./messages";

/** Why a fault could not be put in place: HTTP status, and the text for the driller. */
export class FaultRefused extends Error {
  constructor(
    readonly status: 404 | 409 | 503,
    message: string,
  ) {
    super(message);
  }
}

const PATIENCE_MS = 2000;

/** Tells an endpoint process to break its model, and waits until it says so. Messages are answered in order. */
export class FaultChannel {
  private waiting: ((revision: string | null) => void)[] = [];

  /** @throws FaultRefused @param child its `pid` is null while there is none */
  async inject(
    { endpoint, fault, revision: wanted }: FaultRequest,
    child: { pid: number | null; send(message: ToEndpoint): void },
  ): Promise<FaultAnswer> {
    const { pid } = child;
    if (pid === null) throw new FaultRefused(503, `endpoint '${endpoint}' has no process just now`);
    let limit: NodeJS.Timeout | undefined;
    const revision = await new Promise<string | null>((resolve, reject) => {
      this.waiting.push(resolve);
      const late = () => reject(new FaultRefused(503, `the process of endpoint '${endpoint}' does not take messages`));
      limit = setTimeout(late, PATIENCE_MS);
      child.send({ type: "fault", fault, revision: wanted ?? null });
    }).finally(() => clearTimeout(limit));
    if (revision === null)
      throw new FaultRefused(
        409,
        `endpoint '${endpoint}' ${wanted === undefined ? "serves nothing" : `has no ${wanted} that answers`}`,
      );
    return { endpoint, revision, pid };
  }

  done(revision: string | null): void {
    this.waiting.shift()?.(revision);
  }

  /** The process is gone, and nobody answers for it: those who wait run into their limit. */
  reset(): void {
    this.waiting = [];
  }
}
