import type { DecidedBaseline } from "@/lib/monitoring/baseline-proposal";
import { argument, type Call, type Command, option } from "./command";
import { UsageError } from "./failures";
import { facts } from "./table";

const path = (call: Call) => `/api/v1/endpoints/${encodeURIComponent(argument(call, 0))}/baselines`;

async function propose(call: Call): Promise<void> {
  show(
    call,
    await (await call.api()).send<DecidedBaseline>("POST", path(call), {
      from: option(call, "from", "the first day, for example 2001-05-14"),
      to: option(call, "to", "the last day"),
      reason: option(call, "reason", "why the change is wanted"),
    }),
  );
}

async function decide(call: Call): Promise<void> {
  const decision = argument(call, 2);
  if (decision !== "accept" && decision !== "reject") throw new UsageError("decide with accept or reject");
  const comment = option(call, "comment", "what was looked at");
  const at = `${path(call)}/${encodeURIComponent(argument(call, 1))}/decision`;
  show(call, await (await call.api()).send<DecidedBaseline>("POST", at, { decision, comment }));
}

function show(call: Call, baseline: DecidedBaseline): void {
  const { id, endpoint, state, from, to, rows, proposedBy, decidedBy } = baseline;
  call.print(
    baseline,
    facts([
      ["proposal", `${id} on ${endpoint}`],
      ["state", state],
      ["window", `${from} to ${to}, ${rows} rows`],
      ["proposed by", proposedBy],
      ["decided by", decidedBy],
    ]),
  );
}

export const BASELINE: readonly Command[] = [
  {
    name: "baseline propose",
    args: ["ENDPOINT"],
    options: { from: { type: "string" }, to: { type: "string" }, reason: { type: "string" } },
    usage: "--from DAY --to DAY --reason TEXT",
    summary: "Proposes whole weeks of rows as what drift is measured against from now on.",
    run: propose,
  },
  {
    name: "baseline decide",
    args: ["ENDPOINT", "ID", "accept|reject"],
    options: { comment: { type: "string" } },
    usage: "--comment TEXT",
    summary: "Accepts or rejects a proposed reference of somebody else.",
    run: decide,
  },
];
