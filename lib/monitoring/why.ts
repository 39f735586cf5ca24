import type { Clause } from "@/lib/contracts/document";
import type { FeaturePart } from "@/lib/monitoring/feature-parts";

/**
 * Why a clause of the event clock is at risk or breached: what moved, where the model is wrong, what was changed then, and what can be
 * done. Nothing here proves a cause: it ranks what contributes.
 */

/** What is known of one feature's drift. */
export type WhyFeature = {
  readonly feature: string;
  /** Distance to the reference, 0 to 1; null: not tested. */
  readonly effect: number | null;
  readonly limit: number | null;
  /** The test says changed and the effect is beyond its limit. */
  readonly beyond: boolean;
  /** Nats that the log loss grows when the feature is shuffled; null: not known. */
  readonly importance: number | null;
};

export type RankedFeature = WhyFeature & {
  /** importance x effect as a share of that of all features; null where importance is not known. */
  readonly share: number | null;
};

/** Features by importance x effect, by effect alone where no importance is known; those without either are left out. */
export function rankFeatures(features: readonly WhyFeature[], most = 5): RankedFeature[] {
  const known = features.some(({ importance }) => importance !== null);
  const weight = ({ effect, importance }: WhyFeature) => (effect ?? 0) * (known ? Math.max(0, importance ?? 0) : 1);
  const total = features.reduce((sum, each) => sum + weight(each), 0);
  return features
    .filter((each) => weight(each) > 0)
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, most)
    .map((each) => ({ ...each, share: known && total > 0 ? weight(each) / total : null }));
}

/** What a part of a feature adds to what the clause measures. */
export type RankedSlice = {
  readonly feature: string;
  readonly part: string;
  /** Labelled rows, and their share of all labelled rows. */
  readonly n: number;
  readonly share: number;
  readonly observed: number;
  readonly expected: number;
  /** observed - expected: above 0, the model says too little. Ends of its 95 % interval. */
  readonly gap: number;
  readonly low: number;
  readonly high: number;
  /** `gap`: share x |gap|. `brier`: share x (squared error of the part - of all rows), in units of the Brier score. */
  readonly by: "gap" | "brier";
  readonly contribution: number;
};

type Profile = { readonly feature: string; readonly parts: readonly FeaturePart[] };

/** Fewer labelled rows than this say nothing about a part. */
const LEAST_ROWS = 50;

/**
 * Parts of features by what they contribute: to the calibration error the gap between what happened and what was said, weighted by rows
 * and only where its interval leaves out 0; to every other quality metric the squared error beyond that of all rows. One part of each
 * feature, the largest, so that the list does not repeat one finding.
 */
export function rankSlices(profiles: readonly Profile[], metric: Clause["metric"], most = 5): RankedSlice[] {
  const by = metric === "calibration_error" ? "gap" : "brier";
  return profiles
    .flatMap((profile) => largestPart(profile, by) ?? [])
    .sort((a, b) => b.contribution - a.contribution)
    .slice(0, most);
}

function largestPart({ feature, parts }: Profile, by: "gap" | "brier"): RankedSlice | null {
  const labelled = parts.reduce((sum, part) => sum + part.labelled, 0);
  const all = parts.reduce((sum, part) => sum + (part.brier ?? 0) * part.labelled, 0) / Math.max(1, labelled);
  let largest: RankedSlice | null = null;
  for (const { label, labelled: n, observed, expected, gap, brier } of parts) {
    if (gap === null || observed === null || expected === null || brier === null || n < LEAST_ROWS) continue;
    const share = n / labelled;
    const sure = gap.low > 0 || gap.high < 0;
    const contribution = by === "gap" ? (sure ? share * Math.abs(gap.value) : 0) : share * (brier - all);
    if (contribution <= (largest?.contribution ?? 0)) continue;
    const found = { feature, part: label, n, share, observed, expected, gap: gap.value, low: gap.low, high: gap.high };
    largest = { ...found, by, contribution };
  }
  return largest;
}

export type WhyStep = {
  readonly kind: "look" | "roll_back" | "recalibrate" | "retrain" | "accept_reference" | "amend";
  readonly title: string;
  readonly text: string;
  /** Worth doing now; the others are named so that nobody has to ask. */
  readonly advised: boolean;
};

export type WhyFacts = {
  readonly clause: Pick<Clause, "kind" | "metric" | "labelDelaySeconds">;
  /** What was changed on our side while the window's rows came in, newest first: "v2 serves". */
  readonly changes: readonly string[];
  /** A previous revision that can take over. */
  readonly previous: string | null;
  /** Features beyond their limit. */
  readonly beyond: readonly string[];
  /** Observed over expected positives of the window; null without labels. */
  readonly observedToExpected: number | null;
  /** Whether the other quality clauses are met while only drift is not. */
  readonly qualityHolds: boolean;
};

/** Whether a clause is about the labels themselves: then no feature, and nothing that the model does, contributes to it. */
export function isAboutLabels({ metric }: Pick<Clause, "metric">): boolean {
  return metric === "label_coverage" || metric === "label_delay_p95";
}

/** What to do, the most easily undone first. */
export function whySteps(facts: WhyFacts): WhyStep[] {
  const { clause } = facts;
  if (isAboutLabels(clause)) return [LOOK_AT_LABELS, AMEND];
  const quality = clause.kind === "quality";
  return [
    look(facts),
    rollBack(facts),
    ...(quality ? [recalibrate(facts), retrain(facts)] : [retrain(facts)]),
    ...(clause.kind === "drift" ? [acceptReference(facts)] : []),
    AMEND,
  ];
}

const AMEND: WhyStep = {
  kind: "amend",
  title: "Amend the clause",
  text: "Only if the promise itself was wrong: an amendment is signed by three people and comes into force with the next promotion.",
  advised: false,
};

const LOOK_AT_LABELS: WhyStep = {
  kind: "look",
  title: "Look at what sends the labels",
  text: "Labels are missing or late, whatever the model does: is the sender behind, and do its row references match? Labels that come later restate their day.",
  advised: true,
};

function look({ beyond, clause }: WhyFacts): WhyStep {
  const text =
    beyond.length > 0
      ? `Ask the owners of ${list(beyond)} whether the change is real or an upstream fault. Nothing is touched.`
      : clause.kind === "quality"
        ? "No feature is beyond its limit: look at the parts below, and whether the labels mean what they meant."
        : "Look at the columns below and at what feeds them. Nothing is touched.";
  return { kind: "look", title: "Look at what feeds the model", text, advised: true };
}

function rollBack({ changes, previous }: WhyFacts): WhyStep {
  const title = "Roll back";
  const [change] = changes;
  if (change === undefined)
    return {
      kind: "roll_back",
      title,
      text: "Nothing was changed here while these rows came in, so a rollback would not undo anything.",
      advised: false,
    };
  return previous === null
    ? { kind: "roll_back", title, text: `${change} then, but there is no earlier revision.`, advised: false }
    : {
        kind: "roll_back",
        title,
        text: `${change} while these rows came in. ${previous} can take over again in seconds, and be left again.`,
        advised: true,
      };
}

function recalibrate({ clause, observedToExpected }: WhyFacts): WhyStep {
  const title = "Recalibrate";
  const off = observedToExpected !== null && Math.abs(observedToExpected - 1) > 0.05;
  const says = observedToExpected === null ? "" : level(observedToExpected);
  const advised = clause.metric === "calibration_error" && off;
  const text = advised
    ? `${says} An isotonic fit on the newest labelled days restores the level, not the ranking; it is a new version and passes the gate.`
    : `${says}${says ? " " : ""}A new calibration changes the level of the scores and leaves the ranking as it is.`;
  return { kind: "recalibrate", title, text, advised };
}

function level(observedToExpected: number): string {
  if (Math.abs(observedToExpected - 1) <= 0.05) return "On the whole the model says as much as happens.";
  const much = Math.round(Math.abs(observedToExpected - 1) * 100);
  return observedToExpected > 1
    ? `${much} % more happens than the model says.`
    : `${much} % less happens than the model says.`;
}

function retrain({ clause, beyond }: WhyFacts): WhyStep {
  const wait = Math.round(clause.labelDelaySeconds / 3600);
  const advised = clause.kind === "quality" || beyond.length > 0;
  const text =
    `On a window that holds what changed and ends where labels are due${wait > 0 ? ` (${wait} h before the watermark)` : ""}. ` +
    "A new version: it is compared on rows that neither has seen, and passes the gate. Better is likely, a cure is not.";
  return { kind: "retrain", title: "Propose retraining", text, advised };
}

function acceptReference({ qualityHolds }: WhyFacts): WhyStep {
  return {
    kind: "accept_reference",
    title: "Accept as new reference",
    text: qualityHolds
      ? "If the change is wanted: the clauses on quality are met, so the reference is what is out of date. Needs a reason and an approval."
      : "Not while a clause on quality is not met: it would silence the alarm and leave the fault.",
    advised: qualityHolds,
  };
}

function list(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
  return names.join(" and ");
}
