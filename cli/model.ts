import type { Model, ModelVersionDetail, VersionSummary } from "@/lib/registry/schema";
import { argument, type Call, type Command, option } from "./command";
import { PAGING, page } from "./paging";
import { facts, more, short, table, utc } from "./table";

type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };

async function list(call: Call): Promise<void> {
  const models = await (await call.api()).get<Page<Model>>("/api/v1/models", { ...page(call), q: option(call, "q") });
  const rows = table(
    models.items,
    [
      { head: "MODEL", cell: (model) => model.name },
      { head: "VERSIONS", cell: (model) => model.versions, right: true },
      { head: "LATEST", cell: (model) => model.latest && `v${model.latest.number} ${model.latest.state}` },
      { head: "SERVES", cell: (model) => model.serves.map((on) => `${on.endpoint} v${on.version}`).join(", ") || null },
      { head: "REGISTERED", cell: (model) => utc(model.latest?.createdAt) },
    ],
    "No model yet: proviso register makes the first.",
  );
  call.print(models, rows + more(models));
}

async function get(call: Call): Promise<void> {
  const api = await call.api();
  const path = `/api/v1/models/${argument(call, 0)}/versions`;
  if (call.args[1] === undefined) {
    const versions = await api.get<Page<VersionSummary>>(path, page(call));
    const rows = table(
      versions.items,
      [
        { head: "VERSION", cell: (version) => version.number, right: true },
        { head: "STATE", cell: (version) => version.state },
        { head: "PRECISION", cell: precisionOf },
        { head: "DIGEST", cell: (version) => short(version.digest) },
        {
          head: "METRICS",
          cell: (version) => version.metrics.map((each) => `${each.metric} ${each.value}`).join(", "),
        },
        { head: "SERVES", cell: (version) => version.serves.join(", ") || null },
        { head: "REGISTERED", cell: (version) => `${utc(version.createdAt)} by ${version.registeredBy}` },
      ],
      "No version yet.",
    );
    return call.print(versions, rows + more(versions));
  }
  const version = await api.get<ModelVersionDetail>(`${path}/${argument(call, 1)}`);
  call.print(
    version,
    facts([
      ["version", `${version.model} v${version.number}`],
      ["state", version.stateReason ? `${version.state}: ${version.stateReason}` : version.state],
      ["digest", version.digest],
      ["precision", precisionOf({ ...version, variantOf: version.parent?.number ?? null })],
      ["variants", version.variants.map((each) => `v${each.number} ${each.precision}`).join(", ") || null],
      ["code", version.codeRevision],
      ["dataset", `${version.dataset.uri} ${version.dataset.version}`],
      ["metrics", version.evaluation.metrics.map((each) => `${each.metric} ${each.value} (n ${each.n})`).join(", ")],
      ["registered", `${utc(version.createdAt)} by ${version.registeredBy}`],
      [
        "serves",
        version.serves.map((each) => `${each.endpoint} as ${each.revision} (${each.role})`).join(", ") || null,
      ],
    ]),
  );
}

function precisionOf({ precision, variantOf }: Pick<VersionSummary, "precision" | "variantOf">): string | null {
  return precision && variantOf !== null ? `${precision} of v${variantOf}` : precision;
}

export const MODEL: readonly Command[] = [
  {
    name: "model list",
    options: { ...PAGING, q: { type: "string" } },
    usage: "[--q PART] [--limit N] [--cursor C]",
    summary: "Registered models.",
    run: list,
  },
  {
    name: "model get",
    args: ["MODEL", "[VERSION]"],
    options: PAGING,
    usage: "[--limit N] [--cursor C]",
    summary: "Versions of a model, or one version.",
    run: get,
  },
];
