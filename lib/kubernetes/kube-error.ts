/** A field that we want to set and that somebody else owns. */
export type FieldConflict = { readonly object: string; readonly field: string; readonly owner: string };

/** What the API server, or the way to it, answered instead of what was asked for. The message says which object and why. */
export class KubeError extends Error {
  override readonly name = "KubeError";
  constructor(
    message: string,
    /** HTTP status; 0: no answer. */
    readonly status: number,
    /** The API's word, for example `Conflict`, `Expired`, `NotFound`. */
    readonly reason: string,
    readonly conflicts: readonly FieldConflict[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

type Cause = { readonly reason?: string; readonly message?: string; readonly field?: string };
type Status = {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes?: readonly Cause[]; readonly retryAfterSeconds?: number };
};

/** Longest piece of an answer that a message repeats. */
const LONGEST = 600;

/**
 * @param subject what the request was about, for a person: `HTTPRoute risk/flights`
 * @param text the answer's body: a `Status` object, or whatever a proxy on the way said
 */
export function errorOf(subject: string, status: number, text: string): KubeError {
  const said = statusOf(text);
  const causes = said.details?.causes ?? [];
  const conflicts = causes.flatMap((cause) => conflictOf(subject, cause));
  const reason = said.reason ?? (status === 410 ? "Expired" : "Unknown");
  const words = (said.message ?? text.trim()).slice(0, LONGEST) || "no word about why";
  if (conflicts.length > 0) {
    const fields = conflicts.map(({ field, owner }) => `${field} belongs to ${owner}`).join(", ");
    return new KubeError(`${subject}: ${fields}`, status, reason, conflicts);
  }
  return new KubeError(`${subject}: ${hintOf(status)}${words}`, status, reason);
}

function hintOf(status: number): string {
  if (status === 401) return "the credentials are not accepted (401): ";
  if (status === 403) return "the account lacks this right (403): ";
  return status === 404 || status === 409 || status === 422 ? "" : `answer ${status}: `;
}

function statusOf(text: string): Status {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null ? (found as Status) : {};
  } catch {
    return {};
  }
}

/** `conflict with "kubectl-edit" using gateway.networking.k8s.io/v1 at 2026-11-24T21:00:00Z` names the owner. */
function conflictOf(object: string, { reason, message = "", field = "?" }: Cause): FieldConflict[] {
  if (reason !== "FieldManagerConflict") return [];
  const owner = /conflict with "([^"]+)"/.exec(message)?.[1] ?? "another manager";
  return [{ object, field, owner }];
}

/** Whether a request may be sent again: nothing was done, or doing it twice is doing it once. */
export function isPassing(error: unknown): boolean {
  return error instanceof KubeError && (error.status === 0 || error.status === 429 || error.status >= 500);
}
