/** Short codes stored with a refused request (`reason` of inference_requests). */
export type RefusalReason = "ceiling" | "token" | "audience" | "body" | "tensor" | "queue" | "model";

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
