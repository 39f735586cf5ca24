/** Why something stands in for the model of the serving revision. */
export type Cause = "error" | "timeout" | "overload" | "stale";

/** Short codes stored with a request (`reason` of inference_requests): why it was refused, or why not the model answered it. */
export type RefusalReason =
  | "ceiling"
  | "client"
  | "token"
  | "audience"
  | "body"
  | "tensor"
  | "queue"
  | "breaker"
  | "model"
  | Cause;

/** An expected refusal of a request: HTTP status, code for the event, text for the caller. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly reason: RefusalReason,
    message: string,
    /** Seconds for the Retry-After header; 0 for none. */
    readonly retryAfterS = 0,
  ) {
    super(message);
  }
}
