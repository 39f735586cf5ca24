import "server-only";
import { artifactStore } from "@/lib/artifacts/store";
import { operation } from "@/lib/operation";
import { artifactInput } from "@/lib/registry/schema";

/** The bytes of an artifact, as a stream. */
export const readArtifact = operation({
  name: "artifact.read",
  permission: "model:read",
  input: artifactInput,
  run: ({ input }) => artifactStore().read(input.sha256),
});

/** Whether an artifact is here, and its length in bytes: what a client asks before it uploads. */
export const findArtifact = operation({
  name: "artifact.find",
  permission: "model:read",
  input: artifactInput,
  run: async ({ input }) => {
    const found = await artifactStore().find(input.sha256);
    return found ? { size: found.size } : null;
  },
});
