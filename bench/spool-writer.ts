// Writes events into a spool as an endpoint does, as fast as the shipper takes them; its own process, so that it can be killed.
// Arguments: spool directory, endpoint, name of this run. Prints the number of requests that are safely written, now and then.
import { writeSync } from "node:fs";
import { EventLog } from "@/runtime/event-log";
import { Spool } from "@/runtime/spool";
import { unshippedBytes } from "@/runtime/spool-segments";
import { TURN, writeTurn } from "./spool-turn";

const BACKLOG_BYTES = 32 * 1024 ** 2;
const TURNS = 200;
const WAIT_MS = 20;

const [dir = "", endpoint = "", run = ""] = process.argv.slice(2);
const spool = new Spool({ dir, segmentBytes: 16 * 1024 ** 2, capBytes: 4 * 1024 ** 3 });
const log = new EventLog(endpoint, () => "supplied", spool);
let written = 0;

function write(): void {
  for (let k = 0; k < TURNS; k++) {
    if (!writeTurn(log, run, written)) throw new Error("the spool is full");
    written += TURN;
  }
  writeSync(1, `${written}\n`);
}

function loop(): void {
  const isFull = unshippedBytes(dir) > BACKLOG_BYTES;
  if (!isFull) write();
  setTimeout(loop, isFull ? WAIT_MS : 0);
}

process.stdin.on("end", () => process.exit(0)).resume();
loop();
