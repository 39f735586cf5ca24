import { readFile } from "node:fs/promises";
import type { ContractDraft } from "@/lib/contracts/schema";
import type { ContractPlan, ContractSummary, ContractView, SigningStatus } from "@/lib/governance/contract-view";
import { argument, type Call, type Command, option } from "./command";
import { UsageError } from "./failures";
import { PAGING, page } from "./paging";
import { facts, more, short, table, utc } from "./table";

type Page = { readonly items: readonly ContractSummary[]; readonly nextCursor: string | null };

const versionsOf = (call: Call) => `/api/v1/use-cases/${argument(call, 0)}/contracts`;
const versionOf = (call: Call) => `${versionsOf(call)}/${argument(call, 1)}`;

async function list(call: Call): Promise<void> {
  const contracts = await (await call.api()).get<Page>(versionsOf(call), page(call));
  const rows = table(
    contracts.items,
    [
      { head: "VERSION", cell: (each) => each.number, right: true },
      { head: "STATE", cell: (each) => each.standing },
      { head: "DIGEST", cell: (each) => short(each.digest) },
      { head: "SIGNED BY", cell: (each) => each.signatures.map(({ slot }) => slot).join(", ") || null },
      { head: "IN FORCE ON", cell: (each) => each.inForceOn.join(", ") || null },
      { head: "CHANGED", cell: (each) => `${utc(each.updatedAt)} by ${each.updatedBy}` },
    ],
    "No contract yet: proviso contract draft makes the first.",
  );
  call.print(contracts, rows + more(contracts));
}

async function get(call: Call): Promise<void> {
  const contract = await (await call.api()).get<ContractView>(versionOf(call));
  const head = facts([
    ["contract", `${contract.useCase} v${contract.number}`],
    ["state", contract.standing],
    ["digest", contract.digest],
    ["signed by", contract.signatures.map((each) => `${each.slot} ${each.email}`).join(", ") || null],
    ["failure mode", failureWords(contract.document)],
    ["open slots", contract.missing.map((each) => `${each.slot} (${each.people.join(", ")})`).join(", ") || null],
  ]);
  const clauses = table(
    contract.document.clauses,
    [
      { head: "CLAUSE", cell: (clause) => clause.id },
      {
        head: "PROMISE",
        cell: (each) =>
          `${each.metric} ${each.direction === "at_most" ? "<=" : ">="} ${each.target} ${each.unit}${sliceWords(each)}`,
      },
      { head: "AT RISK", cell: (clause) => clause.atRisk, right: true },
      { head: "PROBE", cell: (clause) => clause.probe },
      { head: "OWNER", cell: (clause) => clause.owner },
    ],
    "No clause.",
  );
  call.print(contract, `${head}\n${clauses}${problems(contract.problems)}`);
}

type Document = ContractView["document"];

/** What callers get, in the words of the document; null: the contract states none. */
function failureWords({ failureMode }: Document): string | null {
  if (!failureMode) return null;
  const { onError, onTimeout, onOverload, fallback } = failureMode;
  const score = fallback ? `, fallback probability ${fallback.score}` : "";
  return `error: ${onError}, timeout: ${onTimeout}, overload: ${onOverload}${score}`;
}

function sliceWords({ slice }: Document["clauses"][number]): string {
  if (!slice) return "";
  const { feature, from = "", to = "", values } = slice;
  return ` (${feature} ${values ? values.join("|") : `${from}..${to}`})`;
}

/** A new version, or with `--update` other text in a draft. */
async function draft(call: Call): Promise<void> {
  const api = await call.api();
  const number = option(call, "update");
  if (number !== undefined) {
    const path = `${versionsOf(call)}/${encodeURIComponent(number)}`;
    const document = await jsonFile(option(call, "file", "the contract document"));
    const { revision } = await api.get<ContractView>(path);
    return showDraft(call, await api.send<ContractDraft>("PUT", path, { revision, document }));
  }
  showDraft(call, await api.send<ContractDraft>("POST", versionsOf(call), await source(call)));
}

async function source(call: Call): Promise<unknown> {
  const file = option(call, "file");
  const archetype = option(call, "archetype");
  if (call.options.amend) return { from: "amendment" };
  const of = option(call, "copy");
  if (of !== undefined && !/^\d+$/.test(of)) throw new UsageError("--copy is the number of a version");
  if (of !== undefined) return { from: "copy", of: Number(of) };
  const needed = archetype
    ? "JSON with purpose, interface and numbers"
    : "the contract document (or --archetype, --amend, --copy N)";
  if (file === undefined) throw new UsageError(`--file is missing: ${needed}`);
  const content = await jsonFile(file);
  if (archetype === undefined) return { from: "document", document: content };
  if (typeof content !== "object" || content === null) throw new UsageError(`${file} is not a JSON object`);
  const more = Object.keys(content).filter((key) => !["purpose", "interface", "numbers"].includes(key));
  if (more.length > 0) {
    const instead = "an archetype takes purpose, interface and numbers; leave --archetype out for a whole document";
    throw new UsageError(`${file} also has ${more.join(", ")}: ${instead}`);
  }
  return { ...content, from: "archetype", archetype };
}

function showDraft(call: Call, made: ContractDraft): void {
  const head = facts([
    ["contract", `${made.useCase} v${made.number}`],
    ["state", made.state],
    ["revision", made.revision],
  ]);
  call.print(made, head + problems(made.problems));
}

function problems(found: ContractDraft["problems"]): string {
  if (found.length === 0) return "";
  return `\nBefore it can be submitted:\n${found.map(({ path, message }) => `  ${path}: ${message}\n`).join("")}`;
}

async function plan(call: Call): Promise<void> {
  const planned = await (await call.api()).get<ContractPlan>(`${versionOf(call)}/plan`);
  const lines = table(
    planned.spec.leaves,
    [
      { head: "SETTING", cell: (leaf) => leaf.path },
      { head: "VALUE", cell: (leaf) => clipped(JSON.stringify(leaf.value)) },
      { head: "CLAUSE", cell: (leaf) => leaf.clause },
    ],
    "Nothing to set.",
  );
  const cannot = planned.spec.cannot.map((each) => `cannot  ${each.clause}: ${each.reason} ${each.fix}\n`).join("");
  const changes = planned.specDifference.flatMap(({ clause, changes: each }) =>
    each.map(
      (leaf) =>
        `${clause}  ${leaf.path}: ${JSON.stringify(leaf.before) ?? "-"} -> ${JSON.stringify(leaf.after) ?? "-"}\n`,
    ),
  );
  const against = planned.against
    ? `\nAgainst v${planned.against.number}:\n${changes.join("") || "no difference\n"}`
    : "";
  call.print(planned, lines + cannot + against + problems([...planned.problems]));
}

/** Long lists in full only with --json. */
const clipped = (text: string) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

async function submit(call: Call): Promise<void> {
  const candidate = option(call, "candidate");
  const body = candidate === undefined ? {} : { candidate };
  showSigning(call, await (await call.api()).send<SigningStatus>("POST", `${versionOf(call)}/submit`, body));
}

async function sign(call: Call): Promise<void> {
  const slot = option(call, "slot");
  const comment = option(call, "comment");
  const candidate = option(call, "candidate");
  const status = await (await call.api()).send<SigningStatus>("POST", `${versionOf(call)}/signatures`, {
    digest: option(call, "digest", "what you sign, as proviso contract get shows it"),
    ...(slot !== undefined && { slot }),
    ...(comment !== undefined && { comment }),
    ...(candidate !== undefined && { candidate }),
  });
  showSigning(call, status);
}

async function withdraw(call: Call): Promise<void> {
  const made = await (await call.api()).remove<ContractDraft>(versionOf(call), { comment: option(call, "comment") });
  call.print(
    made,
    facts([
      ["contract", `${made.useCase} v${made.number}`],
      ["state", made.state],
    ]),
  );
}

function showSigning(call: Call, status: SigningStatus): void {
  call.print(
    status,
    facts([
      ["contract", `${status.useCase} v${status.number}`],
      ["state", status.state],
      ["digest", status.digest],
      ["signed by", status.signatures.map((each) => `${each.slot} ${each.email}`).join(", ") || null],
      ["open slots", status.missing.join(", ") || null],
    ]),
  );
}

async function jsonFile(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : error}`);
  }
}

const ONE = ["SLUG", "VERSION"] as const;

export const CONTRACT: readonly Command[] = [
  {
    name: "contract list",
    args: ["SLUG"],
    options: PAGING,
    usage: "[--limit N] [--cursor C]",
    summary: "Contract versions of a use case.",
    run: list,
  },
  { name: "contract get", args: ONE, summary: "One version: clauses, signatures, and the digest to sign.", run: get },
  {
    name: "contract draft",
    args: ["SLUG"],
    options: {
      file: { type: "string" },
      archetype: { type: "string" },
      amend: { type: "boolean" },
      copy: { type: "string" },
      update: { type: "string" },
    },
    usage: "--file FILE [--archetype NAME | --update VERSION] | --amend | --copy VERSION",
    summary:
      "A new draft from a document, from an archetype with at most six numbers, or from a version; or edits one.",
    run: draft,
  },
  { name: "contract plan", args: ONE, summary: "What it compiles to, line by line, and what that changes.", run: plan },
  {
    name: "contract submit",
    args: ONE,
    options: { candidate: { type: "string" } },
    usage: "[--candidate MODEL:VERSION]",
    summary: "Fixes a draft and opens it for signatures.",
    run: submit,
  },
  {
    name: "contract sign",
    args: ONE,
    options: {
      digest: { type: "string" },
      slot: { type: "string" },
      comment: { type: "string" },
      candidate: { type: "string" },
    },
    usage: "--digest DIGEST [--slot owner|sre|governance] [--comment TEXT] [--candidate MODEL:VERSION]",
    summary: "Signs the digest that was shown.",
    run: sign,
  },
  {
    name: "contract withdraw",
    args: ONE,
    options: { comment: { type: "string" } },
    usage: "[--comment TEXT]",
    summary: "Takes a draft or submitted version back; it stays on record.",
    run: withdraw,
  },
];
