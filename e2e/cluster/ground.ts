import type { Certificates } from "./certificates";
import type { LoopbackApi } from "./loopback-api";
import type { Programs } from "./programs";
import type { Users } from "./users";

/** What the steps of starting a cluster share. */
export type Ground = {
  readonly programs: Programs;
  readonly api: LoopbackApi;
  readonly certificates: Certificates;
  readonly users: Users;
  /** Folder for state and logs. */
  readonly data: string;
};
