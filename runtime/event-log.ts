import { EVENT_TIME_SKEW_MS, OUTCOME, type Outcome, SOURCE, type Source } from "@/lib/inference/events";
import type { RefusalReason } from "./refusal";
import { RowBinaryWriter } from "./row-binary";
import type { RowMarker } from "./row-bins";
import { type RowTimes, timeOfRow } from "./row-times";
import type { Spool } from "./spool";

/** What both grains of events say about a request. */
export type RequestFacts = {
  client: string;
  source: Source;
  id: string;
  rows: number;
  /** Milliseconds since 1970. */
  receivedAt: number;
  eventTime: RowTimes;
  featureTime: RowTimes;
};

/** The rows of an answer: features at `x[xAt]`, outputs at `y[yAt]`, both row after row. */
export type ScoredRows = {
  /** The revision that answered. */
  revision: string;
  x: Float32Array;
  xAt: number;
  features: number;
  y: Float32Array;
  yAt: number;
  width: number;
  scoreIndex: number;
  threshold: number;
  marker: RowMarker;
};

// Longest texts in UTF-8: endpoint and revision 63 each, subject 256 and id 128 characters.
const KEY_BYTES = 2 * 65 + (256 + 128) * 3 + 4;
const FIXED_BYTES = 64;

/**
 * Encodes events in the column order of lib/inference/events.ts and hands those of one turn of the event loop to the spool at once.
 * The order of calls is the guarantee: record, then `commit`, then the answers leave.
 */
export class EventLog {
  private readonly requests = new RowBinaryWriter(1 << 16);
  private readonly rows = new RowBinaryWriter(1 << 18);
  private readonly key = new RowBinaryWriter(KEY_BYTES);
  private readonly revisions = new Map<string, Buffer>();
  private events = 0;

  constructor(
    private readonly endpoint: string,
    private readonly clock: () => "wall" | "supplied",
    private readonly spool: Spool,
  ) {}

  /** @param revision the one that was asked */
  request(
    revision: string,
    facts: RequestFacts,
    latencyUs: number,
    outcome: Outcome,
    reason: RefusalReason | "",
    scored?: ScoredRows,
  ): void {
    this.key.clear();
    this.key.string(facts.client);
    this.key.string(facts.id);
    const name = this.nameBytes(revision);
    const source = SOURCE[facts.source];
    const w = this.requests;
    w.room(KEY_BYTES + FIXED_BYTES);
    w.bytes(name);
    w.uint8(source);
    w.int64(facts.receivedAt);
    w.bytes(this.key.written());
    w.uint32(Math.min(latencyUs, 0xffff_ffff));
    w.uint32(facts.rows);
    w.uint8(OUTCOME[outcome]);
    w.string(reason);
    this.events++;
    if (!scored) return;
    const answered = scored.revision === revision ? name : this.nameBytes(scored.revision);
    for (let row = 0; row < facts.rows; row++) this.row(answered, source, facts, row, scored);
    this.events += facts.rows;
  }

  /** @returns false when the spool kept nothing (it counts what it dropped) */
  commit(): boolean {
    if (this.events === 0) return true;
    const kept = this.spool.append(this.requests.written(), this.rows.written(), this.events);
    this.requests.clear();
    this.rows.clear();
    this.events = 0;
    return kept;
  }

  private row(name: Buffer, source: number, facts: RequestFacts, row: number, s: ScoredRows): void {
    const given = timeOfRow(facts.eventTime, row);
    const latest = facts.receivedAt + EVENT_TIME_SKEW_MS;
    const eventTime = given < 0 ? facts.receivedAt : Math.min(given, latest);
    const score = s.y[s.yAt + row * s.width + s.scoreIndex] as number;
    const w = this.rows;
    w.room(KEY_BYTES + FIXED_BYTES + s.features * 4 + s.marker.maxBytes);
    w.bytes(name);
    w.uint8(source);
    w.bytes(this.key.written());
    w.uint16(row);
    w.int64(eventTime);
    w.int64(facts.receivedAt);
    w.uint8(given < 0 && this.clock() === "supplied" ? 0 : 1);
    w.uint8(given > latest ? 1 : 0);
    w.floats(s.x, s.xAt + row * s.features, s.features);
    w.count(0); // cat: the runtime takes numeric tensors only
    this.age(eventTime, timeOfRow(facts.featureTime, row));
    w.float32(score);
    w.float32(score >= s.threshold ? 1 : 0);
    this.marks(s, row, score);
  }

  private marks({ marker, x, xAt, features }: ScoredRows, row: number, score: number): void {
    marker.mark(x, xAt + row * features, score);
    const w = this.rows;
    w.uint32(marker.baseline);
    w.count(marker.bins.length);
    w.bytes(marker.bins);
    w.count(marker.violationCount);
    for (let k = 0; k < marker.violationCount; k++) w.uint16(marker.violations[k] as number);
  }

  private age(eventTime: number, featureTime: number): void {
    this.rows.count(featureTime < 0 ? 0 : 1);
    if (featureTime >= 0) this.rows.float32((eventTime - featureTime) / 1000);
  }

  /** Endpoint and revision never change within a revision: encoded once. */
  private nameBytes(revision: string): Buffer {
    let bytes = this.revisions.get(revision);
    if (!bytes) {
      const w = new RowBinaryWriter(256);
      w.string(this.endpoint);
      w.string(revision);
      bytes = Buffer.from(w.written());
      this.revisions.set(revision, bytes);
    }
    return bytes;
  }
}
