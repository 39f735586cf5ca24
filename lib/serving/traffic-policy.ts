import type { FailureMode } from "@/lib/contracts/document";
import { fallbackAnswer } from "@/lib/serving/fallback-answer";
import { by, type Manifest, type Part, Stated } from "@/lib/serving/manifest";
import { endpointMetadata } from "@/lib/serving/manifest-metadata";
import {
  CLIENT_HEADER,
  ceilingsOf,
  deadlineOf,
  durationOf,
  INFER_RULE,
  routeRef,
  type Traffic,
} from "@/lib/serving/traffic-parts";

/** How Envoy asks the models of an endpoint, how much of it, and what it says when they do not answer. */
export function trafficPolicy(traffic: Traffic): Manifest {
  return {
    apiVersion: new Stated("gateway.envoyproxy.io/v1alpha1", "serving"),
    kind: new Stated("BackendTrafficPolicy", "serving"),
    metadata: endpointMetadata(traffic, "serving"),
    spec: {
      targetRefs: routeRef(traffic, "serving", INFER_RULE),
      circuitBreaker: circuitBreaker(traffic),
      healthCheck: healthCheck(traffic),
      retry: retry(traffic),
      timeout: { tcp: { connectTimeout: new Stated(connectTimeout(traffic), "serving") } },
      rateLimit: rateLimit(traffic),
      responseOverride: responseOverride(traffic),
    },
  };
}

/** Requests under way at the promised rate, each for as long as the deadline allows (Little's law): more is overload. */
function circuitBreaker(traffic: Traffic): Part {
  const { serving, failure, previous } = traffic;
  const deadlineMs = deadlineOf(serving);
  const [ceiling] = ceilingsOf(serving).sort((a, b) => a.perSecond - b.perSecond);
  const parallel =
    ceiling && deadlineMs !== null
      ? new Stated(Math.max(1, Math.ceil((ceiling.perSecond * deadlineMs) / 1000)), ceiling.clause)
      : undefined;
  // A connection carries one request at a time (HTTP/1.1), so as many of one as of the other.
  return {
    maxConnections: parallel,
    maxParallelRequests: parallel,
    maxPendingRequests: failure ? new Stated(failure.queueRows, "failureMode") : undefined,
    retryBudget: {
      // While the previous revision stands in, it must be able to take every request.
      percent: { numerator: previous ? new Stated(100, "failureMode") : new Stated(20, "serving") },
      minRetryConcurrency: new Stated(3, "serving"),
    },
  };
}

/** What a pod is looked at by, where the contract has no breaker of its own and yet a previous revision has to be turned to. */
const USUAL_BREAKER = { failures: 5, windowSeconds: 2, openSeconds: 10, errorRatio: null };

function healthCheck({ failure, previous }: Traffic): Part | undefined {
  const breaker = breakerOf(failure) ?? (previous ? USUAL_BREAKER : null);
  if (!breaker) return undefined;
  return by("failureMode", {
    // Open is open: with all pods out, callers get what stands in instead of a wait.
    panicThreshold: 0,
    passive: {
      interval: durationOf(breaker.windowSeconds * 1000),
      consecutive5XxErrors: breaker.failures,
      failurePercentageThreshold: breaker.errorRatio === null ? undefined : Math.ceil(breaker.errorRatio * 100),
      baseEjectionTime: durationOf(breaker.openSeconds * 1000),
      maxEjectionPercent: 100,
    },
  });
}

/** Failures in a row that make the ratio true of the fewest requests that count. */
function breakerOf(failure: FailureMode | null) {
  if (!failure?.breaker) return null;
  const { errorRatio, minRequests, windowSeconds, openSeconds } = failure.breaker;
  return { failures: Math.max(1, Math.ceil(minRequests * errorRatio)), windowSeconds, openSeconds, errorRatio };
}

/**
 * One more try where asking again is cheap: the pod was not reached, or went away, or had no room. A prediction changes nothing, so it
 * may be asked twice; both tries are within the deadline of the route. With a previous revision the second try is its.
 */
function retry(traffic: Traffic): Part {
  const { serving, failure, previous } = traffic;
  const deadlineMs = deadlineOf(serving);
  const isLateAsked = previous !== null && failure?.onTimeout === "previous_revision" && deadlineMs !== null;
  const isErrorAsked = previous !== null && failure?.onError === "previous_revision";
  const triggers = ["connect-failure", "refused-stream", "reset", "retriable-status-codes"];
  return {
    numRetries: new Stated(1, "serving"),
    numAttemptsPerPriority: previous ? new Stated(1, "failureMode") : undefined,
    retryOn: {
      triggers: triggers.map((each) => new Stated(each, "serving")),
      httpStatusCodes: [new Stated(503, "serving"), ...(isErrorAsked ? [new Stated(500, "failureMode")] : [])],
    },
    perRetry: {
      timeout: isLateAsked ? new Stated(durationOf(deadlineMs / 2), "failureMode") : undefined,
      backOff: { baseInterval: new Stated("1ms", "serving"), maxInterval: new Stated("10ms", "serving") },
    },
  };
}

/** A tenth of the deadline, so that a second pod may be tried; a second at most. */
function connectTimeout({ serving }: Traffic): string {
  const deadlineMs = deadlineOf(serving) ?? 10_000;
  return durationOf(Math.min(1000, Math.max(10, deadlineMs / 10)));
}

/**
 * Each caller's share, then everything together. Envoy counts a request in every rule that it matches, but in a rule without a selector
 * only what matches no other: so the total selects what it counts.
 */
function rateLimit(traffic: Traffic): Part | undefined {
  const { serving, failure } = traffic;
  const perClient = failure?.perClient;
  const rules: Part[] = ceilingsOf(serving).map(({ perSecond, clause }) =>
    by(clause, { clientSelectors: [{ methods: [{ value: "POST" }] }], limit: limitOf(perSecond) }),
  );
  if (perClient) {
    const clientSelectors = [{ headers: [{ name: CLIENT_HEADER, type: "Distinct" }] }];
    rules.unshift(by("failureMode", { clientSelectors, limit: limitOf(perClient.requestsPerSecond) }));
  }
  return rules.length === 0 ? undefined : { local: { rules } };
}

/** Envoy's bucket holds what one unit allows and fills steadily; whole numbers only, in the caller's favour. */
export function limitOf(perSecond: number): { readonly requests: number; readonly unit: "Second" | "Minute" } {
  return perSecond >= 1
    ? { requests: Math.ceil(perSecond), unit: "Second" }
    : { requests: Math.max(1, Math.ceil(perSecond * 60)), unit: "Minute" };
}

/** By the status that Envoy or the model's server gives: 503 has no room (or no pod), 504 is late, 500 and 502 failed. */
const CASES = [
  { reason: "overload", part: "onOverload", status: [503] },
  { reason: "timeout", part: "onTimeout", status: [504] },
  { reason: "error", part: "onError", status: [500, 502] },
] as const;

function responseOverride({ endpoint, serving, failure }: Traffic): Part {
  const score = failure?.fallback?.score;
  const held = CASES.filter(({ part }) => score !== undefined && failure && failure[part] !== "error");
  const fallbacks = held.map(({ reason, status }) =>
    by("failureMode", {
      match: { statusCodes: status.map((value) => ({ type: "Value", value })) },
      source: "All",
      response: answer(200, fallbackAnswer(endpoint, serving.spec, serving.identity, { score: score ?? 0, reason })),
    }),
  );
  return [...fallbacks, tooMany];
}

/** Envoy itself says nothing of when to come again. */
const tooMany = by("serving", {
  match: { statusCodes: [{ type: "Value", value: 429 }] },
  source: "Local",
  response: {
    ...answer(429, JSON.stringify({ error: "rate limit exceeded" })),
    header: { set: [{ name: "retry-after", value: "1" }] },
  },
});

/** Envoy reads a body as a format: a per cent sign is written twice. */
function answer(statusCode: number, body: string) {
  return {
    statusCode,
    contentType: "application/json",
    body: { type: "Inline", inline: body.replaceAll("%", "%%") },
  };
}
