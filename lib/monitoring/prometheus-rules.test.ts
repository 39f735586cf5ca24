import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Clause } from "@/lib/contracts/document";
import { exampleDocument } from "@/lib/contracts/test-document";
import { prometheusRule } from "@/lib/monitoring/prometheus-rules";

const { clauses } = exampleDocument();
const only = (change: (clause: Clause) => Clause, kind: Clause["kind"]) =>
  clauses.filter((one) => one.kind === kind).map(change);
const subject = { endpoint: "flights", useCase: "flights", contract: 3, digest: "d".repeat(64), clauses };
const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;
const monthly = (clause: Clause): Clause => ({ ...clause, windowSeconds: 30 * 86_400 });
const THIRTY_DAYS = [
  ...only(monthly, "availability").map((clause) => ({ ...clause, target: 0.999 })),
  ...only(monthly, "latency").filter(({ metric }) => metric === "p99"),
];

test("the same contract gives the same bytes, and a clause that is left out takes exactly its group with it", () => {
  const whole = prometheusRule(subject);
  expect(prometheusRule({ ...subject, clauses: structuredClone(clauses) })).toBe(whole);
  const without = prometheusRule({ ...subject, clauses: clauses.filter(({ kind }) => kind !== "availability") });
  expect(whole).toContain("proviso/flights/availability");
  expect(without).not.toContain("availability");
});

test("alerts that can never fire are not exported, and the file says why", () => {
  const loose = only((clause) => ({ ...clause, target: 0.9, windowSeconds: 30 * 86_400 }), "availability");
  const text = prometheusRule({ ...subject, clauses: loose });
  expect(text).toContain("# left out of availability: 14.4x, can never fire");
  expect(text).not.toContain("> 14.4");
});

test("budgets are written as people write them", () => {
  const text = prometheusRule({ ...subject, clauses: THIRTY_DAYS });
  expect(text).toContain("/ 0.001");
  expect(text).toContain('le=\\"0.025\\"');
  expect(text).not.toMatch(/0\.00100000|0\.0009999/);
});

describe("with Debian's promtool", () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(path.join(tmpdir(), "proviso-rules-"));
    if (!hasPromtool) process.stderr.write("skipped: promtool is not here (apt-get install prometheus)\n");
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  /** What a Prometheus reads: the groups of the object. */
  function groupsFile(name: string, of: readonly Clause[]): string {
    const text = prometheusRule({ ...subject, clauses: of });
    const file = path.join(dir, name);
    writeFileSync(file, text.slice(text.indexOf("  groups:")).replaceAll(/^ {2}/gm, ""));
    return file;
  }

  test.skipIf(!hasPromtool)("the rules are valid", () => {
    expect(execFileSync("promtool", ["check", "rules", groupsFile("all.yml", clauses)], { encoding: "utf8" })).toMatch(
      /SUCCESS: \d+ rules found/,
    );
  });

  test.skipIf(!hasPromtool)("they fire on what burns, and neither at rest nor without traffic", () => {
    groupsFile("slo.yml", THIRTY_DAYS);
    const requests = (outcome: string, values: string) => ({
      series: `proviso_requests_total{endpoint="flights",source="live",outcome="${outcome}"}`,
      values,
    });
    const latency = (name: string, values: string) => ({
      series: `proviso_request_duration_seconds_${name}`,
      values,
    });
    const revision = { series: 'proviso_revision_info{endpoint="flights",revision="flights-r1"}', values: "1+0x200" };
    const alertsAt = (labels: Record<string, string> | null) => [
      {
        eval_time: "90m",
        alertname: "ProvisoErrorBudgetBurns",
        exp_alerts: labels ? [{ exp_labels: labels }] : [],
      },
    ];
    const page = { endpoint: "flights", severity: "page", use_case: "flights", contract: "v3" };
    const file = path.join(dir, "tests.yml");
    const tests = {
      rule_files: ["slo.yml"],
      evaluation_interval: "1m",
      tests: [
        // 600 requests a minute, 5 % of them errors: 50 times the budget, in the windows of 1 h and 6 h.
        {
          interval: "30s",
          input_series: [requests("model", "0+285x200"), requests("error", "0+15x200"), revision],
          promql_expr_test: [
            {
              expr: 'round(proviso:slo_burn:ratio{window="60m",clause="availability"})',
              eval_time: "90m",
              exp_samples: [{ labels: '{clause="availability",endpoint="flights",window="60m"}', value: 50 }],
            },
            {
              expr: 'count(ALERTS{alertname="ProvisoErrorBudgetBurns",severity="page",clause="availability"}) > bool 0',
              eval_time: "90m",
              exp_samples: [{ labels: "{}", value: 1 }],
            },
          ],
        },
        // All of them kept, and refusals beyond the ceiling as promised.
        {
          interval: "30s",
          input_series: [
            requests("model", "0+300x200"),
            requests("rejected", "0+100x200"),
            {
              series:
                'proviso_request_reasons_total{endpoint="flights",source="live",outcome="rejected",reason="ceiling"}',
              values: "0+100x200",
            },
            latency('count{endpoint="flights"}', "0+300x200"),
            latency('bucket{endpoint="flights",le="0.025"}', "0+300x200"),
            revision,
          ],
          alert_rule_test: alertsAt(null),
        },
        { interval: "30s", input_series: [requests("model", "0+0x200"), revision], alert_rule_test: alertsAt(null) },
        // One failure of ten an hour is no trend.
        {
          interval: "30s",
          input_series: [requests("model", "0+0x100 9+0x100"), requests("error", "0+0x100 1+0x100"), revision],
          alert_rule_test: alertsAt(null),
        },
        // A third of the requests is slower than the signed p99.
        {
          interval: "30s",
          input_series: [
            latency('count{endpoint="flights"}', "0+300x200"),
            latency('bucket{endpoint="flights",le="0.025"}', "0+200x200"),
            revision,
          ],
          promql_expr_test: [
            {
              expr: 'count(ALERTS{alertname="ProvisoErrorBudgetBurns",severity="page",clause="latency_p99"}) > bool 0',
              eval_time: "90m",
              exp_samples: [{ labels: "{}", value: 1 }],
            },
          ],
        },
        // Not scraped for more than a minute.
        {
          interval: "30s",
          input_series: [{ ...revision, values: "1+0x10 _x190" }],
          alert_rule_test: [
            { eval_time: "4m", alertname: "ProvisoEndpointDown", exp_alerts: [] },
            {
              eval_time: "30m",
              alertname: "ProvisoEndpointDown",
              exp_alerts: [
                {
                  exp_labels: page,
                  exp_annotations: { summary: "flights is not scraped, or no revision of it serves" },
                },
              ],
            },
          ],
        },
      ],
    };
    writeFileSync(file, JSON.stringify(tests));
    const { stdout, stderr, status } = spawnSync("promtool", ["test", "rules", file], { encoding: "utf8", cwd: dir });
    expect(`${stdout}${stderr}`).not.toContain("FAILED");
    expect(status).toBe(0);
  });
});
