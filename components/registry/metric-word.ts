const WORDS: Readonly<Record<string, string>> = {
  auc: "AUC",
  calibration_error: "Calibration error",
  log_loss: "Log loss",
  accuracy: "Accuracy",
  brier: "Brier score",
};

/** A metric as people write it; one that is not known, as the report has it. */
export function metricWord(metric: string): string {
  return WORDS[metric] ?? metric;
}
