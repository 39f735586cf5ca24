import "server-only";
import { db } from "@/lib/db";
import { edgeBundle, edgeBundleInput } from "@/lib/deployments/edge-device";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { readIssuerKey } from "@/lib/inference/issuer-key";
import { operation } from "@/lib/operation";
import { toVersion } from "@/lib/registry/version-row";
import { edgeManifestOf, keySet, sealBundle } from "@/lib/serving/edge-bundle";
import { servingSpec } from "@/lib/serving/schema";

const VERSION = { include: { model: { select: { name: true } } } } as const;
const REVISION = { include: { modelVersion: VERSION, contract: { select: { digest: true } } } } as const;

/**
 * What an endpoint serves, as a signed bundle for devices that answer by themselves. Signed anew each time, with the key of the
 * installation; the files are artifacts by their digests. `precondition` where nothing serves, nobody signs, or the version has no
 * golden rows.
 */
export const getEdgeBundle = operation({
  name: "endpoint.bundle",
  permission: "device:report",
  input: edgeBundleInput,
  output: edgeBundle,
  run: async ({ input }) => {
    const endpoint = await db().endpoint.findUnique({ where: { name: input.name }, include: { serving: REVISION } });
    if (!endpoint) throw new AppError("not_found", `There is no endpoint ${input.name}.`);
    const { serving } = endpoint;
    if (!serving?.servedAt) {
      throw new AppError(
        "precondition",
        `No revision of ${input.name} that is wanted has answered yet: there is nothing to bundle.`,
      );
    }
    const file = env().INFERENCE_KEY_FILE;
    if (file === undefined) {
      throw new AppError("precondition", "Nobody signs here: set INFERENCE_KEY_FILE to a file with a private key.");
    }
    const version = toVersion(serving.modelVersion.model.name, serving.modelVersion);
    const model = version.files.find(({ role }) => role === "model");
    const { digest } = serving.contract;
    if (!model || digest === null) throw new Error(`${serving.name} has no model file, or its contract no digest`);
    const parts = {
      ...{ endpoint: endpoint.name, revision: serving.name, contractDigest: digest },
      spec: servingSpec.parse(serving.spec),
      model: { name: version.model, number: version.number },
      ...{ schema: version.schema, file: model, verification: version.verification },
    };
    const manifest = edgeManifestOf(parts, Date.now(), input.days);
    if (typeof manifest === "string") throw new AppError("precondition", manifest);
    const key = await readIssuerKey(file);
    return { bundle: sealBundle(manifest, key), keys: keySet.parse({ keys: [key.publicKey] }) };
  },
});
