import { db, inTransaction } from "@/lib/db";
import { clock } from "@/lib/deployments/schema";
import type { DesiredEndpoint } from "@/lib/deployments/target";
import type { EndpointConfig, RevisionConfig } from "@/lib/inference/desired-state";
import { baselineConfigOf } from "@/lib/monitoring/baseline-config";
import { findReferences } from "@/lib/monitoring/commands/find-references";
import type { Reference } from "@/lib/monitoring/drift";
import { toVersion } from "@/lib/registry/version-row";
import { toRevisionConfig } from "@/lib/serving/local-target";
import { type Capabilities, servingSpec } from "@/lib/serving/schema";

export type Issuer = { readonly issuer: string; readonly jwks: EndpointConfig["auth"]["jwks"] };

const REVISION = { include: { contract: true, modelVersion: { include: { model: true } } } } as const;

/** Every endpoint of the target that was ever to serve, as the target takes it: the whole of what is wanted, from the database alone. */
export async function desiredEndpoints(
  target: Capabilities["target"],
  { issuer, jwks }: Issuer,
): Promise<readonly DesiredEndpoint[]> {
  const rows = await db().endpoint.findMany({
    where: { target, generation: { gt: 0 } },
    include: { serving: REVISION, warm: REVISION, canary: REVISION },
    orderBy: { name: "asc" },
  });
  const served = rows.flatMap(({ id, serving, warm, canary }) =>
    [serving, warm, canary].flatMap((row) =>
      row ? [{ endpointId: id, modelVersionId: row.modelVersionId, row }] : [],
    ),
  );
  const references = await inTransaction((tx) => findReferences(tx, served));
  const configs = new Map(served.map(({ row }, i) => [row.id, configOf(row, references[i] ?? null)]));
  return rows.map(({ name, generation, serving, warm, canary, ...row }) => {
    const revision = canary && configs.get(canary.id);
    const share = { percent: row.canaryPercent, shadow: row.canaryShadow };
    return {
      name,
      generation,
      clock: clock.parse(row.clock),
      serving: (serving && configs.get(serving.id)) ?? null,
      warm: (warm && configs.get(warm.id)) ?? null,
      ...(revision && { canary: { revision, ...share } }),
      auth: { issuer, audience: name, jwks },
    };
  });
}

type Row = {
  readonly name: string;
  readonly spec: unknown;
  readonly contract: { readonly digest: string | null };
  readonly modelVersion: Parameters<typeof toVersion>[1] & { readonly model: { readonly name: string } };
};

function configOf(row: Row, reference: Reference | null): RevisionConfig {
  const version = toVersion(row.modelVersion.model.name, row.modelVersion);
  const file = version.files.find(({ role }) => role === "model");
  // A revision is made from a signed contract and a verified version: both are there.
  if (!file || row.contract.digest === null) throw new Error(`revision ${row.name} lacks its model or its contract`);
  return toRevisionConfig(servingSpec.parse(row.spec), {
    revision: row.name,
    modelVersion: `${version.number}`,
    contractDigest: row.contract.digest,
    modelDigest: file.sha256,
    schema: version.schema,
    baseline: reference && baselineConfigOf(reference),
  });
}
