/** The command that registers a version of `model`: what CI runs, and what a person is told. */
export function registerCommand(model = "NAME"): string {
  return `proviso register --model ${model} --dir DIR --code-revision "$(git rev-parse HEAD)"`;
}

/** Why a person may not push, and what to do instead. */
export const PUSH_REFUSAL = `Versions come from CI, so that what serves can be rebuilt from a commit; let its service account run: ${registerCommand()}`;
