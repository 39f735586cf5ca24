import "server-only";
import { artifactStore } from "@/lib/artifacts/store";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";
import { PUSH_REFUSAL } from "@/lib/registry/push-refusal";
import { storeArtifactInput } from "@/lib/registry/schema";

/** Keeps one file of a version, streamed. What it belongs to is said when the version is registered; audited is that. */
export const storeArtifact = operation({
  name: "artifact.store",
  permission: "registry:push",
  refusal: PUSH_REFUSAL,
  input: storeArtifactInput,
  run: async ({ principal, input }) => {
    if (principal.kind !== "service") throw new AppError("forbidden", PUSH_REFUSAL);
    return artifactStore().put(input);
  },
});
