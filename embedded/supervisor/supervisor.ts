import { mkdirSync } from "node:fs";
import path from "node:path";
import { Child, type ChildDefinition, type ChildStatus, RESTARTS, type RestartPolicy } from "./child";
import { LogFile } from "./log-file";

type Supervised = { readonly child: Child; readonly log: LogFile; settle: ((status: ChildStatus) => void)[] };

export type SupervisorOptions = {
  readonly logDir: string;
  readonly onChange?: (status: ChildStatus) => void;
  readonly policy?: RestartPolicy;
};

/** Holds the children: each is started once, kept running, and all end together, the last started first. */
export class Supervisor {
  readonly #children: Supervised[] = [];

  constructor(private readonly options: SupervisorOptions) {
    mkdirSync(options.logDir, { recursive: true, mode: 0o700 });
  }

  /** Resolves when the child serves, or when it is given up: look at the state. */
  start(definition: ChildDefinition): Promise<ChildStatus> {
    const log = new LogFile(path.join(this.options.logDir, `${definition.name}.log`));
    const changed = (status: ChildStatus) => {
      if (status.state === "running" || status.state === "stopped") {
        for (const settle of supervised.settle.splice(0)) settle(status);
      }
      this.options.onChange?.(status);
    };
    const child = new Child(definition, log, changed, this.options.policy ?? RESTARTS);
    const supervised: Supervised = { child, log, settle: [] };
    this.#children.push(supervised);
    return new Promise((resolve) => {
      supervised.settle.push(resolve);
      child.start();
    });
  }

  status(): ChildStatus[] {
    return this.#children.map(({ child }) => child.status());
  }

  /**
   * Ends the named children (all, if none are named) one group after the other: names in one array end together.
   * Each group gets `withinMs` before it is killed.
   */
  async stop(groups: readonly (readonly string[])[], withinMs: number): Promise<void> {
    for (const group of groups) {
      const members = this.#children.filter(({ child }) => group.includes(child.definition.name));
      await Promise.all(members.map(({ child }) => child.stop(withinMs)));
    }
    const rest = this.#children.filter(({ child }) => !groups.flat().includes(child.definition.name));
    await Promise.all(rest.map(({ child }) => child.stop(withinMs)));
    for (const { log } of this.#children) log.close();
  }

  /** Ends everything at once, by force. */
  kill(): void {
    for (const { child } of this.#children) child.killGroup();
  }
}
