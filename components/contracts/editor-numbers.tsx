"use client";

import { FeasibilityField } from "@/components/serving/feasibility-field";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Panel, PanelBody } from "@/components/ui/panel";
import { SIX_NUMBERS } from "@/lib/contracts/archetypes";
import { clauseSentence } from "@/lib/contracts/clause-words";
import { type ClauseForm, readClause } from "@/lib/contracts/document-form";
import { inputUnit } from "@/lib/contracts/form-values";
import { typedName } from "@/lib/contracts/option-form";
import type { Editing } from "./use-document-form";

/** The six numbers that a contract begins with. An empty one is not promised. */
export function EditorNumbers({ editing }: { readonly editing: Editing }) {
  const asked = SIX_NUMBERS.flatMap(({ metric }) => editing.form.clauses.find((each) => each.metric === metric) ?? []);
  return (
    <Panel title="Six numbers" aside="everything else is proposed from them">
      <PanelBody className="grid gap-x-6 gap-y-4 wide:grid-cols-2">
        {asked.map((clause) => (
          <TargetField key={clause.id} clause={clause} editing={editing} />
        ))}
      </PanelBody>
    </Panel>
  );
}

/** The target of a clause, and what it promises in words while it is typed. */
export function TargetField({ clause, editing }: { readonly clause: ClauseForm; readonly editing: Editing }) {
  const read = readClause(clause);
  const empty = clause.target.trim() === "";
  const path = `clauses.${clause.id}`;
  const errors = ["target", "metric", "id"].flatMap((field) => editing.messages[`${path}.${field}`] ?? []);
  return (
    <div>
      <Field
        label={typedName(clause)}
        hint={empty ? "Empty: not promised." : read && clauseSentence(read)}
        error={errors}
      >
        {(control) => (
          <Input
            {...control}
            name={`${path}.target`}
            numeric
            unit={inputUnit(clause.metric)}
            className="max-w-32"
            autoComplete="off"
            value={clause.target}
            onChange={(event) => editing.setTarget(clause.id, event.target.value)}
          />
        )}
      </Field>
      {!empty && <FeasibilityField clause={clause.id} />}
    </div>
  );
}
