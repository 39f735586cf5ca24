import "server-only";
import pino from "pino";
import { logLevel } from "@/lib/env";
import { requestId } from "@/lib/request";

const SECRETS = [
  /Bearer\s+[\w.~+/=-]+/gi,
  /\bpvs_[\w-]+/g,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /:\/\/[^\s:@/]+:[^\s@/]+@/g,
];

/** Takes bearer tokens, our own tokens, JWTs and passwords in URLs out of a text. */
export function redact(text: string): string {
  return SECRETS.reduce((kept, pattern) => kept.replace(pattern, "[secret]"), text);
}

let made: pino.Logger | undefined;

/** JSON lines on standard output, each with the id of the request it belongs to. */
export function logger(): pino.Logger {
  made ??= pino({
    level: logLevel(),
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ["token", "password", "secret", "authorization", "*.token", "*.password", "*.authorization"],
      censor: "[secret]",
    },
    mixin: () => {
      const id = requestId();
      return id ? { requestId: id } : {};
    },
    hooks: {
      streamWrite: redact,
    },
  });
  return made;
}
