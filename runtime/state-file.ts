import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { endpointConfig, endpointStatus, revisionConfig } from "@/lib/inference/desired-state";
import { replaceFile } from "./spool-segments";

const refusedRevision = z.strictObject({ revision: z.string(), reason: z.string(), generation: z.number().int() });

const endpointRecord = z.strictObject({
  generation: z.number().int().nonnegative(),
  /** Null: removed; only the generation stays on record. */
  config: endpointConfig.nullable(),
  port: z.number().int(),
  /** The last revision that served through its probation, or until another took its place. */
  proven: revisionConfig.nullable(),
  /** The revision of this generation that took its process down. */
  crashed: refusedRevision.nullable(),
  /** The host's own rollback, until the portal has taken it over; states of before have none. */
  rolledBack: endpointStatus.shape.rolledBack,
});
export type EndpointRecord = z.output<typeof endpointRecord>;

const stateSchema = z.strictObject({
  version: z.literal(1),
  shipperPort: z.number().int().nullable(),
  endpoints: z.record(z.string(), endpointRecord),
});
export type HostState = z.output<typeof stateSchema>;

/** What the host was told last, on disk before it says so: after a restart it serves on without anybody telling it again. */
export class StateFile {
  private readonly file: string;
  private current: HostState;

  /** @throws Error when the file is there but is not a state of this version */
  constructor(dir: string) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.file = path.join(dir, "state.json");
    this.current = existsSync(this.file) ? parseState(this.file) : { version: 1, shipperPort: null, endpoints: {} };
  }

  get state(): HostState {
    return this.current;
  }

  /** On disk when this returns, or it throws and nothing changed. */
  save(next: HostState): void {
    replaceFile(this.file, JSON.stringify(next));
    this.current = next;
  }

  saveEndpoint(name: string, change: Partial<EndpointRecord>): void {
    const record = this.current.endpoints[name];
    if (!record) return;
    this.save({ ...this.current, endpoints: { ...this.current.endpoints, [name]: { ...record, ...change } } });
  }
}

function parseState(file: string): HostState {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`${file} cannot be read as the state of this version of the runtime: ${why}`);
  }
}
