import type { z } from "zod";
import type { AlertSummary, Channel, channelTest, Silence } from "@/lib/monitoring/alert-view";
import { argument, type Call, type Command, option } from "./command";
import { Refused } from "./failures";
import { PAGING, page } from "./paging";
import { facts, more, table, utc } from "./table";

type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };

async function list(call: Call): Promise<void> {
  const alerts = await (await call.api()).get<Page<AlertSummary>>("/api/v1/alerts", {
    ...page(call),
    state: option(call, "state"),
    severity: option(call, "severity"),
    endpoint: option(call, "endpoint"),
  });
  const rows = table(
    alerts.items,
    [
      { head: "ALERT", cell: (each) => each.id },
      { head: "STATE", cell: (each) => (each.silence ? `${each.state}, silenced` : each.state) },
      { head: "SEVERITY", cell: (each) => each.severity },
      { head: "ENDPOINT", cell: (each) => each.endpoint },
      { head: "SINCE", cell: (each) => utc(each.startedAt) },
      { head: "WHO HAS IT", cell: (each) => each.acknowledged?.by },
      { head: "WHAT", cell: (each) => each.title },
    ],
    "No alert.",
  );
  call.print(alerts, rows + more(alerts));
}

async function ack(call: Call): Promise<void> {
  const body = { comment: option(call, "comment") };
  const alert = await (await call.api()).send<AlertSummary>(
    "POST",
    `/api/v1/alerts/${argument(call, 0)}/acknowledge`,
    body,
  );
  call.print(alert, `${alert.acknowledged?.by ?? "nobody"} has it: ${alert.title}\n`);
}

async function silence(call: Call): Promise<void> {
  const made = await (await call.api()).send<Silence>("POST", "/api/v1/alert-silences", {
    endpoint: call.args[0],
    clause: option(call, "clause"),
    reason: option(call, "reason", "why nobody need be told"),
    minutes: option(call, "minutes"),
    endsAt: option(call, "until"),
  });
  call.print(
    made,
    `nobody is told of ${made.endpoint}/${made.clause ?? "all"} until ${utc(made.endsAt)} (${made.id})\n`,
  );
}

async function endSilence(call: Call): Promise<void> {
  const ended = await (await call.api()).remove<Silence>(`/api/v1/alert-silences/${argument(call, 0)}`);
  call.print(ended, `the silence of ${ended.endpoint}/${ended.clause ?? "all"} is over\n`);
}

async function channels(call: Call): Promise<void> {
  const found = await (await call.api()).get<Page<Channel>>("/api/v1/alert-channels", page(call));
  const rows = table(
    found.items,
    [
      { head: "CHANNEL", cell: (each) => each.name },
      { head: "KIND", cell: (each) => each.kind },
      { head: "TAKES", cell: (each) => `${each.severity === "page" ? "pages" : "all"} of ${each.endpoint ?? "all"}` },
      { head: "OWNER", cell: (each) => each.owner },
      { head: "ENABLED", cell: (each) => (each.enabled ? "yes" : "no") },
      { head: "LAST", cell: (each) => each.last && `${each.last.state} ${utc(each.last.at)}` },
      { head: "ID", cell: (each) => each.id },
    ],
    "No channel yet, so nobody is told: proviso alert channel add makes the first.",
  );
  call.print(found, rows + more(found));
}

async function addChannel(call: Call): Promise<void> {
  const made = await (await call.api()).send<Channel>("POST", "/api/v1/alert-channels", {
    name: call.args[0],
    kind: option(call, "kind", "webhook, slack, pagerduty or alertmanager"),
    url: option(call, "url"),
    // Not on the command line, where every process of the machine can read it.
    secret: call.io.env.PROVISO_CHANNEL_SECRET,
    severity: option(call, "severity"),
    endpoint: option(call, "endpoint") ?? null,
    owner: option(call, "owner", "who answers for it: a person or a team"),
  });
  call.print(
    made,
    facts([
      ["channel", made.name],
      ["id", made.id],
      ["kind", made.kind],
      ["address", made.url],
      ["takes", made.severity === "page" ? "pages" : "pages and tickets"],
      ["endpoint", made.endpoint ?? "all"],
      ["owner", made.owner],
    ]),
  );
}

async function testChannel(call: Call): Promise<void> {
  const path = `/api/v1/alert-channels/${argument(call, 0)}/test`;
  const result = await (await call.api()).send<z.output<typeof channelTest>>("POST", path, {});
  if (!result.ok) throw new Refused(`It did not arrive: ${result.error ?? `answered ${result.status}`}.`);
  call.print(result, `it arrived (${result.status})\n`);
}

async function removeChannel(call: Call): Promise<void> {
  const removed = await (await call.api()).remove<Channel>(`/api/v1/alert-channels/${argument(call, 0)}`);
  call.print(removed, `nothing is sent there any more: ${removed.name}\n`);
}

const TEXT = { type: "string" } as const;

export const ALERT: readonly Command[] = [
  {
    name: "alert list",
    options: { ...PAGING, state: TEXT, severity: TEXT, endpoint: TEXT },
    usage: "[--state firing|resolved] [--severity page|ticket] [--endpoint NAME] [--limit N] [--cursor C]",
    summary: "Alerts, the newest first.",
    run: list,
  },
  {
    name: "alert ack",
    args: ["ALERT"],
    options: { comment: TEXT },
    usage: "[--comment TEXT]",
    summary: "Says that you have it.",
    run: ack,
  },
  {
    name: "alert silence",
    args: ["ENDPOINT"],
    options: { clause: TEXT, reason: TEXT, minutes: TEXT, until: TEXT },
    usage: "--reason TEXT --minutes N | --until TIME [--clause CLAUSE]",
    summary: "Nobody is told of an endpoint, or of one clause of it, for a while.",
    run: silence,
  },
  { name: "alert unsilence", args: ["SILENCE"], summary: "Ends a silence now.", run: endSilence },
  {
    name: "alert channel list",
    options: PAGING,
    usage: "[--limit N]",
    summary: "Where alerts are sent.",
    run: channels,
  },
  {
    name: "alert channel add",
    args: ["NAME"],
    options: { kind: TEXT, url: TEXT, severity: TEXT, endpoint: TEXT, owner: TEXT },
    usage:
      "--kind webhook|slack|pagerduty|alertmanager --owner WHO [--url URL] [--severity page|ticket] [--endpoint NAME]",
    summary: "Adds a channel; PROVISO_CHANNEL_SECRET holds the key of a webhook or the routing key of PagerDuty.",
    run: addChannel,
  },
  { name: "alert channel test", args: ["CHANNEL"], summary: "Sends a test message.", run: testChannel },
  { name: "alert channel remove", args: ["CHANNEL"], summary: "Sends nothing there any more.", run: removeChannel },
];
