import type { z } from "zod";
import type { Endpoint, inferenceToken } from "@/lib/deployments/schema";
import { argument, type Call, type Command, option } from "./command";
import { PAGING, page } from "./paging";
import { ROLLBACK } from "./rollback";
import { ROLLOUT } from "./rollout";
import { facts, more, table, utc } from "./table";

type Page = { readonly items: readonly Endpoint[]; readonly nextCursor: string | null };

async function list(call: Call): Promise<void> {
  const endpoints = await (await call.api()).get<Page>("/api/v1/endpoints", {
    ...page(call),
    useCase: option(call, "use-case"),
    environment: option(call, "environment"),
  });
  const rows = table(
    endpoints.items,
    [
      { head: "ENDPOINT", cell: (each) => each.name },
      { head: "USE CASE", cell: (each) => each.useCase.slug },
      { head: "ENVIRONMENT", cell: (each) => each.environment },
      { head: "SERVES", cell: (each) => each.serving && `${each.serving.model} v${each.serving.version}` },
      { head: "STATE", cell: (each) => each.observed.state },
      { head: "WORST CLAUSE", cell: (each) => each.worstClause },
    ],
    "No endpoint yet: proviso endpoint create makes the first.",
  );
  call.print(endpoints, rows + more(endpoints));
}

async function get(call: Call): Promise<void> {
  show(call, await (await call.api()).get<Endpoint>(`/api/v1/endpoints/${argument(call, 0)}`));
}

async function create(call: Call): Promise<void> {
  const endpoint = await (await call.api()).send<Endpoint>("POST", "/api/v1/endpoints", {
    name: call.args[0],
    useCase: option(call, "use-case", "the slug of the use case it serves"),
    environment: option(call, "environment") ?? "production",
    tier: option(call, "tier") ?? "cpu",
    target: option(call, "target") ?? (option(call, "cluster") === undefined ? "local" : "kubernetes"),
    cluster: option(call, "cluster"),
    clock: option(call, "clock") ?? "wall",
  });
  show(call, endpoint);
}

function show(call: Call, endpoint: Endpoint): void {
  const { serving, observed, contractInForce } = endpoint;
  call.print(
    endpoint,
    facts([
      ["endpoint", endpoint.name],
      ["use case", endpoint.useCase.slug],
      [
        "serving on",
        `${endpoint.environment}, ${endpoint.tier}, ${endpoint.cluster ?? endpoint.target}, clock ${endpoint.clock}`,
      ],
      [
        "serves",
        serving &&
          `${serving.model} v${serving.version} as ${serving.revision} since ${utc(serving.servedAt) ?? "not yet"}`,
      ],
      ["contract", contractInForce && `v${contractInForce.number}`],
      ["state", observed.reason ? `${observed.state}: ${observed.reason}` : observed.state],
      ["inference", endpoint.inferenceUrl],
      ["worst clause", endpoint.worstClause],
    ]),
  );
}

async function token(call: Call): Promise<void> {
  const issued = await (await call.api()).send<z.output<typeof inferenceToken>>(
    "POST",
    `/api/v1/endpoints/${argument(call, 0)}/token`,
    {},
  );
  // The token alone, for $(proviso token NAME); until when goes beside it.
  call.io.err(`for ${issued.audience}, until ${utc(issued.expiresAt)}\n`);
  call.print(issued, `${issued.token}\n`);
}

export const ENDPOINT: readonly Command[] = [
  {
    name: "endpoint list",
    options: { ...PAGING, "use-case": { type: "string" }, environment: { type: "string" } },
    usage: "[--use-case SLUG] [--environment staging|production] [--limit N] [--cursor C]",
    summary: "Endpoints.",
    run: list,
  },
  { name: "endpoint get", args: ["NAME"], summary: "One endpoint, with its inference URL.", run: get },
  {
    name: "endpoint create",
    args: ["NAME"],
    options: {
      "use-case": { type: "string" },
      environment: { type: "string" },
      tier: { type: "string" },
      target: { type: "string" },
      cluster: { type: "string" },
      clock: { type: "string" },
    },
    usage:
      "--use-case SLUG [--environment staging|production] [--tier cpu|gpu] [--cluster NAME] [--clock wall|supplied]",
    summary: "Creates an endpoint (production, cpu, wall unless told) on the local runtime or a cluster.",
    run: create,
  },
  ROLLBACK,
  ROLLOUT,
  { name: "token", args: ["ENDPOINT"], summary: "A token for inference calls of an endpoint.", run: token },
];
