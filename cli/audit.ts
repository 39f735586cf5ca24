import type { AuditEvent } from "@/lib/audit/schema";
import { type Call, type Command, option } from "./command";
import { PAGING, page } from "./paging";
import { more, table, utc } from "./table";

type Page = { readonly items: readonly AuditEvent[]; readonly nextCursor: string | null };

async function list(call: Call): Promise<void> {
  const events = await (await call.api()).get<Page>("/api/v1/audit/events", {
    ...page(call),
    actor: option(call, "actor"),
    action: option(call, "action"),
    subject: option(call, "subject"),
  });
  const rows = table(
    events.items,
    [
      { head: "AT", cell: (event) => utc(event.at) },
      { head: "ACTOR", cell: (event) => event.actor },
      { head: "ACTION", cell: (event) => event.action },
      { head: "SUBJECT", cell: (event) => event.subject },
      { head: "OUTCOME", cell: (event) => event.outcome },
      { head: "REASON", cell: (event) => event.reason },
    ],
    "No event.",
  );
  call.print(events, rows + more(events));
}

export const AUDIT: readonly Command[] = [
  {
    name: "audit",
    options: { ...PAGING, actor: { type: "string" }, action: { type: "string" }, subject: { type: "string" } },
    usage: "[--actor PART] [--action START] [--subject PART] [--limit N] [--cursor C]",
    summary: "Who did what, the newest first.",
    run: list,
  },
];
