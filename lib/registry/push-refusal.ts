/** The command that registers a version of `model`: what CI runs, and what a person is told. */
export function registerCommand(model = "NAME"): string {
  return `npx proviso register --model ${model} --dir DIR --code-revision "$(git rev-parse HEAD)"`;
}

export const PUSH_REFUSAL_REASON = "Versions come from CI, so that what serves can be rebuilt from a commit.";

/** Why a person may not push, and what to do instead. */
export const PUSH_REFUSAL = `${PUSH_REFUSAL_REASON} Let its service account run: ${registerCommand()}`;
