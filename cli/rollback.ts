import type { Endpoint } from "@/lib/deployments/schema";
import type { RollbackCandidate, RollbackPreview } from "@/lib/governance/rollback-view";
import { argument, type Call, type Command, option } from "./command";
import { UsageError } from "./failures";
import { facts, table, utc } from "./table";

async function rollback(call: Call): Promise<void> {
  const api = await call.api();
  const path = `/api/v1/endpoints/${argument(call, 0)}/rollback`;
  const preview = await api.get<RollbackPreview>(path);
  const [reason, yes] = [option(call, "reason"), option(call, "yes")];
  if (reason === undefined && yes === undefined) {
    call.print(preview, described(preview));
    return;
  }
  const to = option(call, "to") ?? preview.warm ?? undefined;
  if (reason === undefined) throw new UsageError("--reason is missing: it goes into the audit log.");
  if (yes !== preview.endpoint) throw new UsageError(`${effect(preview, to)} To do it, add --yes ${preview.endpoint}.`);
  const done = await api.send<Endpoint>("POST", path, { to, reason, confirm: yes, generation: preview.generation });
  const { serving, warm, generation } = done;
  call.print(
    done,
    facts([
      ["endpoint", done.name],
      [
        "is to serve",
        serving && `${serving.revision} (${serving.model} v${serving.version}, contract v${serving.contract})`,
      ],
      ["kept warm", warm?.revision ?? null],
      ["generation", `${generation}`],
    ]),
  );
}

function effect({ endpoint, current, candidates }: RollbackPreview, to: string | undefined): string {
  const chosen = candidates.find(({ revision }) => revision === to);
  const from = current?.revision ?? "nothing";
  if (!chosen) return `${endpoint} serves ${from}; name the revision to go back to with --to.`;
  const wait = chosen.loaded ? "It is loaded." : "It has to load first.";
  return `${endpoint} goes from ${from} back to ${chosen.revision}. ${wait} ${chosen.approvals.words}`;
}

function described(preview: RollbackPreview): string {
  const { endpoint, current, candidates, warm } = preview;
  const rows = table(
    candidates,
    [
      { head: "REVISION", cell: ({ revision }) => revision },
      { head: "VERSION", cell: ({ model, version }) => `${model} v${version}` },
      { head: "CONTRACT", cell: contractOf },
      { head: "LOADED", cell: ({ loaded }) => (loaded ? "yes" : "loads first") },
      { head: "SERVED UNTIL", cell: ({ servedTo }) => utc(servedTo) },
      { head: "BREACHED THEN", cell: ({ breaches }) => breaches.join(" ") },
      { head: "APPROVALS", cell: ({ approvals, refusal }) => refusal ?? approvals.words },
    ],
    "No other revision served here: there is nothing to go back to.",
  );
  const now = `${endpoint} serves ${current?.revision ?? "nothing"}; ${warm ?? "nothing"} is kept warm.\n`;
  const how = `\nproviso endpoint rollback ${endpoint} [--to REVISION] --reason TEXT --yes ${endpoint}\n`;
  return now + rows + (candidates.length > 0 ? how : "");
}

const contractOf = ({ contract }: RollbackCandidate): string =>
  `v${contract.number}${contract.supersededBy === null ? "" : `, superseded by v${contract.supersededBy}`}`;

export const ROLLBACK: Command = {
  name: "endpoint rollback",
  args: ["NAME"],
  options: { to: { type: "string" }, reason: { type: "string" }, yes: { type: "string" } },
  usage: "[--to REVISION] --reason TEXT --yes NAME",
  summary: "Makes an earlier revision serve again (the warm one unless told); alone, shows what it can go back to.",
  run: rollback,
};
