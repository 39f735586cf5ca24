import "server-only";
import { createHmac } from "node:crypto";
import { lookup as dnsLookup, type LookupAddress } from "node:dns";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** A POST to an address that a person typed in. */
export type Outgoing = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Key of the signature that the receiver checks; absent: not signed. */
  readonly signWith?: string;
};

export type Outcome =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfterMs: number | null; readonly text: string }
  /** It was not sent and never will be: the address is one that nothing is sent to. */
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

const PATIENCE_MS = 10_000;
const MOST_ANSWER_BYTES = 4096;

/** Never an alert receiver: the machine's own metadata service and neighbours, and what is no single host. */
const FORBIDDEN = new BlockList();
FORBIDDEN.addSubnet("169.254.0.0", 16);
FORBIDDEN.addSubnet("fe80::", 10, "ipv6");
FORBIDDEN.addAddress("fd00:ec2::254", "ipv6");
FORBIDDEN.addAddress("100.100.100.200");
FORBIDDEN.addSubnet("0.0.0.0", 8);
FORBIDDEN.addAddress("::", "ipv6");
FORBIDDEN.addSubnet("224.0.0.0", 3);
FORBIDDEN.addSubnet("ff00::", 8, "ipv6");
FORBIDDEN.addSubnet("64:ff9b::", 96, "ipv6");

/** Why nothing is sent to an address (IPv4 or IPv6, no name); null: it may be. Private networks may: an Alertmanager is usually inside. */
export function refusedAddress(address: string): string | null {
  const version = isIP(address);
  if (version === 0) return `${address} is no address`;
  return FORBIDDEN.check(address, version === 6 ? "ipv6" : "ipv4")
    ? `nothing is sent to ${address}: link-local, metadata and multicast addresses are no receivers of alerts`
    : null;
}

class RefusedAddress extends Error {}

/** Checks what a name stands for in the moment of the connection: a name that changes its mind is not believed twice. */
const checkedLookup: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    const [first] = found ?? [];
    if (error || !first) return callback(error ?? new Error(`${hostname} has no address`), "", 0);
    const reason = found.map(({ address }) => refusedAddress(address)).find((one) => one !== null);
    if (reason) return callback(new RefusedAddress(`${hostname}: ${reason}`), "", 0);
    if (options.all) return callback(null, found);
    callback(null, first.address, first.family);
  });
};

/** Why nothing can be sent to a URL as it is written; null: it can be tried. */
export function refusedUrl(url: string): string | null {
  if (!URL.canParse(url)) return "it is no URL";
  const { protocol, hostname, username, password } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:") return `${protocol} is not spoken, only http: and https:`;
  if (username !== "" || password !== "") return "the address holds a user or a password";
  const host = hostname.replace(/^\[|\]$/g, "");
  return isIP(host) === 0 ? null : refusedAddress(host);
}

/** `t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>" in hexadecimal>` */
export function signature(key: string, body: string, now: number): string {
  const seconds = Math.floor(now / 1000);
  return `t=${seconds},v1=${createHmac("sha256", key).update(`${seconds}.${body}`).digest("hex")}`;
}

/** Sends one message. Redirects are not followed: what they lead to was not agreed on. Expected failures are values. */
export async function send({ url, headers, body, signWith }: Outgoing, now = Date.now()): Promise<Outcome> {
  const refused = refusedUrl(url);
  if (refused) return { kind: "refused", reason: refused };
  const signed = signWith === undefined ? {} : { "x-proviso-signature": signature(signWith, body, now) };
  const all = { "user-agent": "Proviso", "content-length": `${Buffer.byteLength(body)}`, ...headers, ...signed };
  try {
    return await post(new URL(url), all, body);
  } catch (error) {
    if (error instanceof RefusedAddress) return { kind: "refused", reason: error.message };
    return { kind: "failed", reason: whyNot(error) };
  }
}

function post(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === "https:" ? httpsRequest : httpRequest;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const sent = request(url, { method: "POST", headers, lookup: checkedLookup, signal, agent: false }, (response) => {
      answerOf(response).then(resolve, reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function answerOf(response: IncomingMessage): Promise<Outcome> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_ANSWER_BYTES) break;
  }
  const text = Buffer.concat(chunks).toString("utf8").slice(0, MOST_ANSWER_BYTES);
  const retryAfterMs = retryAfter(response.headers["retry-after"], Date.now());
  return { kind: "answered", status: response.statusCode ?? 0, retryAfterMs, text };
}

/** Milliseconds that a `Retry-After` asks for: seconds or a date; null without a sensible one. */
export function retryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined || value.trim() === "") return null;
  const at = /^\d+$/.test(value.trim()) ? now + Number(value) * 1000 : Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError" || error.name === "AbortError") return `no answer within ${PATIENCE_MS / 1000} s`;
  const code = "code" in error ? String(error.code) : "";
  if (code === "ECONNREFUSED") return "connection refused";
  if (code === "ENOTFOUND") return "its name is not known";
  return code === "" ? error.message : `${error.message.replace(/\s+/g, " ").slice(0, 200)}`;
}
