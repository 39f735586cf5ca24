import "server-only";
import { NotNumbers, readNumbers } from "@/lib/artifacts/number-columns";
import { artifactStore } from "@/lib/artifacts/store";
import { eventClocks } from "@/lib/clickhouse/event-windows";
import { rawValues } from "@/lib/clickhouse/exact-drift";
import { contractDocument } from "@/lib/contracts/document";
import { db, inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { findReferences } from "@/lib/monitoring/commands/find-references";
import { exactDrift, exactDriftInput, exactTest, type Tally, tallyOf } from "@/lib/monitoring/exact-test";
import { operation } from "@/lib/operation";
import { toVersion } from "@/lib/registry/version-row";
import { DAY_MS, type Range } from "@/lib/time";

/**
 * The exact two-sample test of one feature on the rows themselves, for a question that the bins leave open. Throws `not_found` for an
 * endpoint or a feature that is not there, `precondition` where there is nothing to compare.
 */
export const getExactDrift = operation({
  name: "endpoint.exact_drift",
  permission: "endpoint:read",
  input: exactDriftInput,
  output: exactDrift,
  run: async ({ input: { name, feature, days } }) => {
    const { id, serving } = await findServing(name);
    const { features } = contractDocument.parse(serving.contract.document).interface;
    const position = features.findIndex((each) => each.name === feature);
    if (position < 0) throw new AppError("not_found", `The contract of ${name} has no feature ${feature}.`);
    const [reference] = await inTransaction((tx) =>
      findReferences(tx, [{ endpointId: id, modelVersionId: serving.modelVersionId }]),
    );
    if (!reference) throw nothing("the serving version has no reference yet");
    const watermark = (await eventClocks()).get(name)?.watermark ?? null;
    if (watermark === null) throw nothing("no prediction has carried an event time yet");
    const to = Math.floor(watermark / DAY_MS) * DAY_MS;
    const window = { from: to - days * DAY_MS, to };
    const { from, to: end } = reference.payload;
    const own = { from: Date.parse(from), to: Date.parse(end) };
    const [before, now] = await Promise.all([
      reference.payload.edgesOf === undefined
        ? sampleValues(serving.modelVersion, feature)
        : rawValues(name, position, own),
      rawValues(name, position, window),
    ]);
    if (before.values.length === 0) throw nothing(`the rows of the reference hold no value of ${feature} any more`);
    if (now.values.length === 0) throw nothing(`no row of the window has a value of ${feature}`);
    return {
      ...{ endpoint: name, feature, baseline: reference.id },
      reference: side(before, own),
      window: side(now, window),
      ...exactTest(before, now, features[position]?.type === "category"),
    };
  },
});

const nothing = (why: string) => new AppError("precondition", `There is nothing to compare: ${why}.`);

const side = ({ n, missing }: Tally & { readonly missing: number }, { from, to }: Range) => ({
  ...{ n: n.reduce((sum, each) => sum + each, 0), missing },
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

async function findServing(name: string) {
  const row = await db().endpoint.findUnique({
    where: { name },
    include: { serving: { include: { contract: true, modelVersion: { include: { model: true } } } } },
  });
  if (!row) throw new AppError("not_found", `There is no endpoint ${name}.`);
  if (!row.serving) throw nothing(`nothing serves on ${name}`);
  return { id: row.id, serving: row.serving };
}
type Version = Awaited<ReturnType<typeof findServing>>["serving"]["modelVersion"];

async function sampleValues(row: Version, feature: string) {
  const { files } = toVersion(row.model.name, row);
  const file = files.find(({ role }) => role === "reference_sample");
  const found = file && (await artifactStore().find(file.sha256));
  if (!found) throw new AppError("unavailable", "The reference sample is not in the artifact store any more.");
  try {
    const { numbers } = await readNumbers(found.path, [feature]);
    return tallyOf(numbers.get(feature) ?? new Float32Array());
  } catch (error) {
    if (error instanceof NotNumbers) throw nothing(error.message.replace(/\.$/, ""));
    throw error;
  }
}
