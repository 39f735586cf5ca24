import "server-only";
import { artifactStore } from "@/lib/artifacts/store";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";
import { PUSH_REFUSAL } from "@/lib/registry/push-refusal";
import { storeArtifactInput, storedArtifact } from "@/lib/registry/schema";

/** Keeps one file of a version, streamed. What it belongs to is said when the version is registered; audited is that. */
export const storeArtifact = operation({
  name: "artifact.store",
  permission: "registry:push",
  refusal: PUSH_REFUSAL,
  input: storeArtifactInput,
  output: storedArtifact,
  run: async ({ principal, input }) => {
    if (principal.kind !== "service") throw new AppError("forbidden", PUSH_REFUSAL);
    const { created } = await artifactStore().put(input);
    return { sha256: input.sha256, created };
  },
});
