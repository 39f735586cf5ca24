import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from "node:fs";
import path from "node:path";

const NAME = "replay-requests.tsv";

/**
 * Which requests have their final answer: one line each, `<request id> <rows> answered|<reason>`. Written after the answer
 * came, so after a crash a request of the last second may be sent again, with the same id.
 */
export class ReplayLog {
  private readonly file: string;
  private readonly ids = new Set<string>();
  private unwritten: string[] = [];
  answered = 0;
  failed = 0;
  rowsAnswered = 0;

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.file = path.join(dataDir, NAME);
    if (!existsSync(this.file)) return;
    const bytes = readFileSync(this.file);
    const whole = bytes.lastIndexOf(10) + 1;
    if (whole < bytes.length) truncateSync(this.file, whole); // a crash tore the last line
    for (const line of bytes.subarray(0, whole).toString().split("\n")) {
      const [id, rows, ...outcome] = line.split("\t");
      if (id && rows) this.count(id, Number(rows), outcome.join("\t"));
    }
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** `outcome`: "answered", or why the request was refused for good. */
  add(id: string, rows: number, outcome: string): void {
    if (this.ids.has(id)) return;
    this.count(id, rows, outcome);
    this.unwritten.push(`${id}\t${rows}\t${outcome.replaceAll(/\s+/g, " ")}\n`);
  }

  write(): void {
    if (this.unwritten.length === 0) return;
    appendFileSync(this.file, this.unwritten.join(""));
    this.unwritten = [];
  }

  private count(id: string, rows: number, outcome: string): void {
    this.ids.add(id);
    if (outcome === "answered") {
      this.answered++;
      this.rowsAnswered += rows;
    } else {
      this.failed++;
    }
  }
}
