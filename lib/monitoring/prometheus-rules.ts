import { clauseName, clauseSentence } from "@/lib/contracts/clause-words";
import type { Clause } from "@/lib/contracts/document";
import { firesWhen } from "@/lib/monitoring/error-budget";
import { type BurnAlert, burnAlerts, objectiveOf } from "@/lib/serving/burn-alerts";
import { boundSelector, burnGroup, type Group } from "@/lib/serving/burn-rules";

/** An endpoint and the contract in force on it. */
export type RuleSubject = {
  readonly endpoint: string;
  readonly useCase: string;
  readonly contract: number;
  readonly digest: string | null;
  readonly clauses: readonly Clause[];
};

/** Refusals as promised, and for what the client sent: neither good nor bad (lib/clickhouse/migrations/0001: limited, invalid). */
const NOT_COUNTED = "ceiling|client|token|audience|body|tensor|model";

/**
 * The error budgets and burn alerts of an endpoint as a PrometheusRule (monitoring.coreos.com/v1) over the runtime's own metrics, for a
 * Prometheus that scrapes them every 30 s or more often. The same contract gives the same bytes.
 */
export function prometheusRule(subject: RuleSubject): string {
  const { endpoint, contract, digest } = subject;
  const budgets = subject.clauses.flatMap((clause) => {
    const objective = objectiveOf(clause);
    return objective === null ? [] : [{ clause, objective, alerts: burnAlerts(objective, clause.windowSeconds) }];
  });
  const leftOut = budgets.flatMap(({ clause, alerts }) =>
    alerts.flatMap((one) =>
      one.leftOut === null ? [] : [`# left out of ${clause.id}: ${one.factor}x, ${one.leftOut}`],
    ),
  );
  const body = {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: `proviso-${endpoint}`, labels: { "app.kubernetes.io/managed-by": "proviso" } },
    spec: { groups: [...budgets.map((one) => budgetGroup(subject, one)), downGroup(subject)] },
  };
  const head = [
    `# Error budgets of ${endpoint} under contract v${contract}${digest === null ? "" : ` (${digest})`}.`,
    "# Latency counts live requests of every size. Requests are counted by the minute: keep the interval of the groups.",
    ...leftOut,
  ];
  return `${head.join("\n")}\n${yaml(body, 0)}`;
}

type Budget = { readonly clause: Clause; readonly objective: number; readonly alerts: readonly BurnAlert[] };

function budgetGroup(subject: RuleSubject, { clause, objective, alerts }: Budget): Group {
  const { endpoint, useCase, contract } = subject;
  return burnGroup({
    ...{ endpoint, clause: clause.id, objective, alerts },
    counted: clause.kind === "latency" ? latencyCounts(endpoint, clause) : answerCounts(endpoint, clause),
    labels: { use_case: useCase, contract: `v${contract}` },
    annotations: (alert) => ({
      summary: `${clauseName(clause)} burns its error budget on ${endpoint}`,
      description: `${clauseSentence(clause)} It ${firesWhen(clause, alert)}.`,
    }),
  });
}

/** As the ledger counts: answered by the model among requests that had a right to an answer. */
function answerCounts(endpoint: string, { fallbacks }: Clause) {
  const live = `endpoint="${endpoint}",source="live"`;
  const inMinute = (outcomes: string) => `sum(increase(proviso_requests_total{${live}${outcomes}}[1m]))`;
  const notCounted =
    `(sum(increase(proviso_request_reasons_total{${live},outcome="rejected",reason=~"${NOT_COUNTED}"}[1m]))` +
    " or vector(0))";
  const failed = fallbacks === "answer" ? "rejected|error|timeout" : "rejected|error|timeout|secondary|fallback";
  return {
    total: `clamp_min(${inMinute("")} - ${notCounted}, 0)`,
    bad: `clamp_min(${inMinute(`,outcome=~"${failed}"`)} - ${notCounted}, 0)`,
  };
}

/** The target is a bound of the runtime's histogram. */
function latencyCounts(endpoint: string, { target }: Clause) {
  const name = "proviso_request_duration_seconds";
  const le = boundSelector((target * 1000) / 1e6);
  const all = `sum(increase(${name}_count{endpoint="${endpoint}"}[1m]))`;
  return {
    total: all,
    bad: `clamp_min(${all} - sum(increase(${name}_bucket{endpoint="${endpoint}",${le}}[1m])), 0)`,
  };
}

function downGroup({ endpoint, useCase, contract }: RuleSubject): Group {
  return {
    name: `proviso/${endpoint}/up`,
    interval: "15s",
    rules: [
      {
        alert: "ProvisoEndpointDown",
        expr: `absent(proviso_revision_info{endpoint="${endpoint}"})`,
        for: "1m",
        labels: { endpoint, severity: "page", use_case: useCase, contract: `v${contract}` },
        annotations: { summary: `${endpoint} is not scraped, or no revision of it serves` },
      },
    ],
  };
}

type Node = string | readonly Node[] | { readonly [key: string]: Node | undefined };

/** YAML with every text in double quotes, which is JSON's spelling: no text is taken for a number, a date or a boolean. */
function yaml(node: Node, depth: number): string {
  const pad = "  ".repeat(depth);
  if (typeof node === "string") return `${JSON.stringify(node)}\n`;
  if (isList(node)) return node.map((item) => `${pad}- ${yaml(item, depth + 1).trimStart()}`).join("");
  return Object.entries(node)
    .flatMap(([key, value]) => {
      if (value === undefined) return [];
      const text = yaml(value, depth + 1);
      return [typeof value === "string" ? `${pad}${key}: ${text}` : `${pad}${key}:\n${text}`];
    })
    .join("");
}

const isList = (node: Exclude<Node, string>): node is readonly Node[] => Array.isArray(node);
