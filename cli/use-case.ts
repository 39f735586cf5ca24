import type { UseCase } from "@/lib/contracts/schema";
import { argument, type Call, type Command, option } from "./command";
import { PAGING, page } from "./paging";
import { facts, more, table, utc } from "./table";

type Page = { readonly items: readonly UseCase[]; readonly nextCursor: string | null };

async function list(call: Call): Promise<void> {
  const useCases = await (await call.api()).get<Page>("/api/v1/use-cases", { ...page(call), q: option(call, "q") });
  const rows = table(
    useCases.items,
    [
      { head: "USE CASE", cell: (each) => each.slug },
      { head: "NAME", cell: (each) => each.name },
      { head: "TEAM", cell: (each) => each.team },
      { head: "OWNER", cell: (each) => each.owner },
      {
        head: "CONTRACT",
        cell: (each) => each.latestContract && `v${each.latestContract.number} ${each.latestContract.state}`,
      },
    ],
    "No use case yet: proviso use-case create makes the first.",
  );
  call.print(useCases, rows + more(useCases));
}

async function get(call: Call): Promise<void> {
  const useCase = await (await call.api()).get<UseCase>(`/api/v1/use-cases/${argument(call, 0)}`);
  show(call, useCase);
}

async function create(call: Call): Promise<void> {
  const useCase = await (await call.api()).send<UseCase>("POST", "/api/v1/use-cases", {
    slug: call.args[0],
    name: option(call, "name") ?? call.args[0],
    purpose: option(call, "purpose", "a sentence on what the predictions are used for"),
    team: option(call, "team", "the team that runs it"),
    owner: option(call, "owner", "the e-mail of a person with the role owner"),
    costCentre: option(call, "cost-centre", "the cost centre that pays"),
  });
  show(call, useCase);
}

function show(call: Call, useCase: UseCase): void {
  const { latestContract, signedContract } = useCase;
  call.print(
    useCase,
    facts([
      ["use case", useCase.slug],
      ["name", useCase.name],
      ["purpose", useCase.purpose],
      ["team", useCase.team],
      ["owner", useCase.owner],
      ["cost centre", useCase.costCentre],
      ["contract", latestContract && `v${latestContract.number} ${latestContract.state}`],
      [
        "signed",
        signedContract && `v${signedContract.number} ${utc(signedContract.signedAt)}, digest ${signedContract.digest}`,
      ],
    ]),
  );
}

export const USE_CASE: readonly Command[] = [
  {
    name: "use-case list",
    options: { ...PAGING, q: { type: "string" } },
    usage: "[--q PART] [--limit N] [--cursor C]",
    summary: "Use cases.",
    run: list,
  },
  { name: "use-case get", args: ["SLUG"], summary: "One use case.", run: get },
  {
    name: "use-case create",
    args: ["SLUG"],
    options: {
      name: { type: "string" },
      purpose: { type: "string" },
      team: { type: "string" },
      owner: { type: "string" },
      "cost-centre": { type: "string" },
    },
    usage: "[--name NAME] --purpose TEXT --team TEAM --owner E-MAIL --cost-centre CODE",
    summary: "Creates a use case.",
    run: create,
  },
];
