"use client";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { formatTarget, measurementSentence } from "@/lib/contracts/clause-words";
import { type ClauseForm, readClause } from "@/lib/contracts/document-form";
import { inputUnit } from "@/lib/contracts/form-values";
import { METRIC_RULES } from "@/lib/contracts/metric-rules";
import { typedName } from "@/lib/contracts/option-form";
import { TargetField } from "./editor-numbers";
import { EditorOptions } from "./editor-options";
import { Foldable } from "./foldable";
import { type Editing, hasMessages } from "./use-document-form";

type Key = "minRows" | "maxRows" | "window" | "labelDelay" | "cadence" | "consecutive" | "minSamples";

/** Field of the form, its name in the document, label and hint. */
const FIELDS: readonly (readonly [Key, string, string, string])[] = [
  ["window", "windowSeconds", "Window", "For example 1 h or 7 d."],
  ["cadence", "cadenceSeconds", "Evaluated every", "For example 10 s or 1 d."],
  ["consecutive", "consecutive", "Times in a row", "So many wrong evaluations make a breach."],
  ["minSamples", "minSamples", "Samples needed", "With fewer it is unproven."],
  ["minRows", "population.minRows", "Rows per request, from", "Which requests count."],
  ["maxRows", "population.maxRows", "Rows per request, to", ""],
  ["labelDelay", "labelDelaySeconds", "Labels due after", "Time until the truth is known."],
];

const PROBES = {
  gateway: "Gateway",
  ground_truth: "Ground truth",
  request_metadata: "Request metadata",
  synthetic: "Synthetic probe",
  prediction_log: "Prediction log",
  drill: "Drill",
} as const;
const OWNERS = [
  { value: "scientist", label: "Data science" },
  { value: "owner", label: "Owner" },
  { value: "sre", label: "SRE" },
  { value: "governance", label: "Governance" },
];

/** Everything about a clause beside its number: proposed, in words while closed. */
export function EditorClause({ clause, editing }: { readonly clause: ClauseForm; readonly editing: Editing }) {
  const { id, metric } = clause;
  const read = readClause(clause);
  const promised = clause.target.trim() !== "";
  const errorOf = (field: string) => editing.messages[`clauses.${id}.${field}`];
  const rule = METRIC_RULES[metric];
  const fields = FIELDS.filter(([field]) => field !== "labelDelay" || rule.labels);
  return (
    <Foldable
      title={
        <>
          {typedName(clause)} <span className="num font-normal text-muted">{id}</span>
        </>
      }
      summary={summaryOf(promised, read && `${formatTarget(read)}. ${measurementSentence(read)}`)}
      forced={hasMessages(editing.messages, `clauses.${id}`)}
    >
      <TargetField clause={clause} editing={editing} />
      <Field label="At risk from" hint="Between this and the target it is at risk." error={errorOf("atRisk")}>
        {(control) => (
          <Input
            {...control}
            numeric
            unit={inputUnit(metric)}
            className="max-w-32"
            value={clause.atRisk}
            onChange={(event) => editing.setClause(id, { atRisk: event.target.value })}
          />
        )}
      </Field>
      {fields.map(([field, path, label, hint]) => (
        <Field key={field} label={label} hint={hint} error={errorOf(path)}>
          {(control) => (
            <Input
              {...control}
              numeric
              className="max-w-32"
              value={clause[field]}
              onChange={(event) => editing.setClause(id, { [field]: event.target.value })}
            />
          )}
        </Field>
      ))}
      <EditorOptions clause={clause} editing={editing} />
      <Field label="Probe" hint="Where it is measured." error={errorOf("probe")}>
        {(control) => (
          <Select
            {...control}
            value={clause.probe}
            options={probesOf(clause)}
            onChange={(event) => editing.setClause(id, { probe: event.target.value as ClauseForm["probe"] })}
          />
        )}
      </Field>
      <Field label="Answers for it" error={errorOf("owner")}>
        {(control) => (
          <Select
            {...control}
            value={clause.owner}
            options={OWNERS}
            onChange={(event) => editing.setClause(id, { owner: event.target.value as ClauseForm["owner"] })}
          />
        )}
      </Field>
      {promised && (
        <div className="wide:col-span-3">
          <Button variant="quiet" onClick={() => editing.setTarget(id, "")}>
            Do not promise it
          </Button>
        </div>
      )}
    </Foldable>
  );
}

function summaryOf(promised: boolean, words: string | null): string {
  if (!promised) return "Not promised.";
  return words ?? "Something in it cannot be read yet.";
}

/** The probes that see the metric; another one stays selectable only while it is what the document says. */
function probesOf({ metric, probe }: ClauseForm) {
  const options = METRIC_RULES[metric].probes.map((each): { value: string; label: string } => ({
    value: each,
    label: PROBES[each],
  }));
  if (options.some(({ value }) => value === probe)) return options;
  return [...options, { value: probe, label: probe === "none" ? "None" : PROBES[probe] }];
}
