import type { Promotion, PromotionSummary } from "@/lib/governance/schema";
import { argument, type Call, type Command, option } from "./command";
import { UsageError } from "./failures";
import { PAGING, page } from "./paging";
import { facts, more, table, utc } from "./table";

type Page = { readonly items: readonly PromotionSummary[]; readonly nextCursor: string | null };

const PATH = "/api/v1/promotions";

async function request(call: Call): Promise<void> {
  const version = option(call, "version", "the number of a ready version");
  if (!/^\d+$/.test(version)) throw new UsageError("--version is a whole number");
  const promotion = await (await call.api()).send<PromotionSummary>("POST", PATH, {
    endpoint: option(call, "endpoint", "where it is to serve"),
    model: option(call, "model", "the registered model"),
    version: Number(version),
    comment: option(call, "comment", "what changed and why it should serve"),
  });
  call.print(promotion, summary(promotion));
}

async function list(call: Call): Promise<void> {
  const promotions = await (await call.api()).get<Page>(PATH, {
    ...page(call),
    state: option(call, "state"),
    endpoint: option(call, "endpoint"),
  });
  const rows = table(
    promotions.items,
    [
      { head: "ID", cell: (each) => each.id, right: true },
      { head: "STATE", cell: (each) => each.state },
      { head: "VERSION", cell: (each) => `${each.model} v${each.version}` },
      { head: "ENDPOINT", cell: (each) => each.endpoint },
      { head: "SLOTS", cell: slots },
      { head: "REQUESTED", cell: (each) => `${utc(each.createdAt)} by ${each.requestedBy}` },
    ],
    "No promotion.",
  );
  call.print(promotions, rows + more(promotions));
}

async function get(call: Call): Promise<void> {
  show(call, await (await call.api()).get<Promotion>(`${PATH}/${argument(call, 0)}`));
}

function decide(decision: "approve" | "reject") {
  return async (call: Call): Promise<void> => {
    const slot = option(call, "slot");
    const promotion = await (await call.api()).send<PromotionSummary>(
      "POST",
      `${PATH}/${argument(call, 0)}/decisions`,
      {
        decision,
        comment: option(call, "comment", "what you checked"),
        inputsDigest: option(call, "digest", "what you decide on, as proviso promotion get shows it"),
        ...(slot !== undefined && { slot }),
      },
    );
    call.print(promotion, summary(promotion));
  };
}

async function withdraw(call: Call): Promise<void> {
  const comment = option(call, "comment");
  const body = comment === undefined ? {} : { comment };
  const promotion = await (await call.api()).send<PromotionSummary>(
    "POST",
    `${PATH}/${argument(call, 0)}/withdraw`,
    body,
  );
  call.print(promotion, summary(promotion));
}

const slots = (promotion: PromotionSummary) => promotion.slots.map((each) => `${each.slot} ${each.state}`).join(", ");

function show(call: Call, promotion: Promotion): void {
  const items = promotion.gate.map((item) => ({ ...item, reasons: item.reasons.join("; ") }));
  const gate = table(
    items,
    [
      { head: "GATE", cell: (item) => item.title },
      { head: "STATUS", cell: (item) => item.status },
      { head: "REASONS", cell: (item) => item.reasons },
    ],
    "No gate.",
  );
  const rest = facts([
    ["artifact", promotion.versionDigest],
    ["serves now", promotion.incumbent && `${promotion.incumbent.model} v${promotion.incumbent.version}`],
    ["digest", promotion.inputsDigest],
  ]);
  call.print(promotion, `${summary(promotion)}${rest}\n${gate}`);
}

function summary(promotion: PromotionSummary): string {
  return facts([
    ["promotion", promotion.id],
    ["state", promotion.stateReason ? `${promotion.state}: ${promotion.stateReason}` : promotion.state],
    ["version", `${promotion.model} v${promotion.version}`],
    ["endpoint", `${promotion.endpoint} (${promotion.environment})`],
    ["contract", `v${promotion.contract}`],
    ["requested", `${utc(promotion.createdAt)} by ${promotion.requestedBy}: ${promotion.comment}`],
    ["slots", slots(promotion)],
  ]);
}

const DECISION = { comment: { type: "string" }, digest: { type: "string" }, slot: { type: "string" } } as const;
const DECISION_USAGE = "--digest DIGEST --comment TEXT [--slot validator|governance]";

export const PROMOTION: readonly Command[] = [
  {
    name: "promote",
    options: {
      endpoint: { type: "string" },
      model: { type: "string" },
      version: { type: "string" },
      comment: { type: "string" },
    },
    usage: "--endpoint NAME --model NAME --version N --comment TEXT",
    summary: "Asks that a version serves on an endpoint.",
    run: request,
  },
  {
    name: "promotion list",
    options: { ...PAGING, state: { type: "string" }, endpoint: { type: "string" } },
    usage: "[--state open|in_review|...] [--endpoint NAME] [--limit N] [--cursor C]",
    summary: "Promotions, the newest first.",
    run: list,
  },
  {
    name: "promotion get",
    args: ["ID"],
    summary: "One promotion: gate, slots, and the digest to decide on.",
    run: get,
  },
  {
    name: "approve",
    args: ["ID"],
    options: DECISION,
    usage: DECISION_USAGE,
    summary: "Approves a promotion over the digest that was shown.",
    run: decide("approve"),
  },
  {
    name: "reject",
    args: ["ID"],
    options: DECISION,
    usage: DECISION_USAGE,
    summary: "Rejects a promotion over the digest that was shown.",
    run: decide("reject"),
  },
  {
    name: "withdraw",
    args: ["ID"],
    options: { comment: { type: "string" } },
    usage: "[--comment TEXT]",
    summary: "Takes a promotion back.",
    run: withdraw,
  },
];
