type Group = { readonly positive: number; readonly negative: number };

/** Area under the ROC curve of labelled rows grouped by score, ascending; ties count half. Null without both labels. */
export function aucOfGroups(groups: readonly Group[]) {
  let [below, positives, pairs] = [0, 0, 0];
  for (const { positive, negative } of groups) {
    pairs += positive * (below + negative / 2);
    below += negative;
    positives += positive;
  }
  if (positives === 0 || below === 0) return null;
  return { auc: pairs / (positives * below), positives, negatives: below };
}
