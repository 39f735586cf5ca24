import type { Logger } from "pino";
import type { HostStatus } from "@/lib/inference/desired-state";
import { describeExit } from "./blame";
import { KeptChild } from "./child-process";
import type { FromShipper, ToShipper } from "./messages";

/** The host's side of the shipper. */
export class HostedShipper {
  private readonly child: KeptChild<ToShipper, FromShipper>;
  private current: Omit<HostStatus["shipper"], "pid"> = { ok: false, reason: "starting" };

  constructor(start: Omit<ToShipper, "type">, log: Logger) {
    this.child = new KeptChild<ToShipper, FromShipper>({
      program: new URL("./shipper-main.ts", import.meta.url),
      args: [],
      onStart: () => this.child.send({ type: "start", ...start }),
      onMessage: ({ ok, reason }) => {
        if (reason && reason !== this.current.reason) log.warn({ reason }, "events cannot be shipped");
        this.current = { ok, reason };
      },
      onExit: (exit, restartMs) => {
        this.current = { ok: false, reason: describeExit(exit) };
        log.error({ ...exit, restartMs }, "shipper process ended");
      },
    });
  }

  start(): void {
    this.child.start();
  }

  stop(): Promise<void> {
    return this.child.stop();
  }

  status(): HostStatus["shipper"] {
    return { ...this.current, pid: this.child.pid };
  }
}
