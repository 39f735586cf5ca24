"use client";

import type { ClauseForm } from "@/lib/contracts/document-form";
import { METRIC_RULES } from "@/lib/contracts/metric-rules";
import type { DriftForm } from "@/lib/contracts/option-form";
import { ChoiceField, FieldGroup, TextField } from "./editor-field";
import type { Editing } from "./use-document-form";

type Props = { readonly clause: ClauseForm; readonly editing: Editing };

const FALLBACKS = [
  { value: "", label: "As a failure, unless stated" },
  { value: "failure", label: "As a failure" },
  { value: "answer", label: "As an answer" },
] as const;

const ON_STALE = [
  { value: "", label: "Answered, unless stated" },
  { value: "answer", label: "Answered" },
  { value: "flag", label: "Answered with a flag" },
  { value: "fallback", label: "Sent to the fixed response" },
] as const;

const CORRECTIONS = [
  { value: "benjamini_hochberg", label: "Benjamini-Hochberg" },
  { value: "bonferroni", label: "Bonferroni" },
] as const;

const TEST = [
  { value: "usual", label: "The usual one, limits learned" },
  { value: "own", label: "Its own" },
] as const;

/** What only clauses of this kind have: the rows of a slice, what fallbacks count as, stale rows, the drift test. */
export function EditorOptions({ clause, editing }: Props) {
  const { id, metric } = clause;
  const errorOf = (field: string) => messagesBelow(editing.messages, `clauses.${id}.${field}`);
  const { kind } = METRIC_RULES[metric];
  return (
    <>
      {kind === "quality" && (
        <TextField
          wide
          label="Of these rows alone"
          hint="Empty: all rows. For example distance 0..500, weekday 6|7."
          error={errorOf("slice")}
          value={clause.slice}
          onText={(slice) => editing.setClause(id, { slice })}
        />
      )}
      {kind === "availability" && (
        <ChoiceField
          label="A fallback counts"
          hint="The fixed response, or the previous revision."
          value={clause.fallbacks}
          options={FALLBACKS}
          error={errorOf("fallbacks")}
          onChoice={(fallbacks) => editing.setClause(id, { fallbacks })}
        />
      )}
      {kind === "freshness" && (
        <ChoiceField
          label="A row with older features is"
          value={clause.onStale}
          options={ON_STALE}
          error={errorOf("onStale")}
          onChoice={(onStale) => editing.setClause(id, { onStale })}
        />
      )}
      {(metric === "drifted_features" || clause.drift.own) && <DriftFields clause={clause} editing={editing} />}
    </>
  );
}

function DriftFields({ clause: { id, drift }, editing }: Props) {
  const set = (fields: Partial<DriftForm>) => editing.setClause(id, { drift: { ...drift, ...fields } });
  const errorOf = (field: string) => messagesBelow(editing.messages, `clauses.${id}.drift.${field}`);
  return (
    <FieldGroup legend="Drift test" named>
      <ChoiceField
        label="Drift test"
        value={drift.own ? "own" : "usual"}
        options={TEST}
        className="wide:col-span-3 wide:max-w-96"
        error={editing.messages[`clauses.${id}.drift`]}
        onChoice={(value) => set({ own: value === "own" })}
      />
      {drift.own && (
        <>
          <TextField
            wide
            label="Limits"
            hint="learned, or by feature: distance 0.1, hour 0.2."
            className="wide:col-span-3"
            error={errorOf("limits")}
            value={drift.limits}
            onText={(limits) => set({ limits })}
          />
          <TextField
            label="No limit is below"
            hint="Largest distance of two distributions, 0 to 1."
            error={errorOf("floor")}
            value={drift.floor}
            onText={(floor) => set({ floor })}
          />
          <TextField
            label="Times the largest weekly change"
            hint="Of learned limits."
            error={errorOf("factor")}
            value={drift.factor}
            onText={(factor) => set({ factor })}
          />
          <TextField
            label="Level of the test"
            unit="%"
            error={errorOf("alpha")}
            value={drift.alpha}
            onText={(alpha) => set({ alpha })}
          />
          <ChoiceField
            label="Correction over features"
            value={drift.correction}
            options={CORRECTIONS}
            error={errorOf("correction")}
            onChoice={(correction) => set({ correction })}
          />
        </>
      )}
    </FieldGroup>
  );
}

/** Messages of a field that is one line here and several values in the document. */
function messagesBelow(messages: Editing["messages"], path: string): readonly string[] {
  return Object.entries(messages).flatMap(([key, texts]) =>
    key === path || key.startsWith(`${path}.`) ? texts.map((each) => `${each}.`) : [],
  );
}
