"use client";

import { failureMode as failureModeShape, type StandIn } from "@/lib/contracts/document";
import { type FailureForm, rawFailureMode } from "@/lib/contracts/failure-form";
import { failureSentence, STAND_IN_WORDS } from "@/lib/contracts/failure-words";
import { ChoiceField, FieldGroup, TextField } from "./editor-field";
import { Foldable } from "./foldable";
import { type Editing, hasMessages } from "./use-document-form";

const STAND_INS = (["error", "fallback", "previous_revision"] as const).map((value) => ({
  value,
  label: upperFirst(STAND_IN_WORDS[value]),
}));

function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

const STATED = [
  { value: "no", label: "Not stated: every failure is an error" },
  { value: "yes", label: "Stated in the contract" },
] as const;

type Typed = { readonly [Key in keyof FailureForm as FailureForm[Key] extends string ? Key : never]: FailureForm[Key] };
type TextKey = Exclude<keyof Typed, "onError" | "onTimeout" | "onOverload">;
type Part = "breaker" | "perClient" | "batching";

/** What the fields of this section share. */
type Section = {
  readonly form: FailureForm;
  readonly error: (path: string) => readonly string[] | undefined;
  readonly set: (fields: Partial<FailureForm>) => void;
};

/** What callers get when the model cannot answer: in one sentence while closed. */
export function EditorFailure({ editing }: { readonly editing: Editing }) {
  const form = editing.form.failure;
  const section: Section = {
    form,
    error: (path) => editing.messages[`failureMode.${path}`],
    set: (fields) => editing.set({ failure: { ...form, ...fields } }),
  };
  return (
    <Foldable title="Failure mode" summary={summaryOf(form)} forced={hasMessages(editing.messages, "failureMode")}>
      <ChoiceField
        label="In the contract"
        value={form.stated ? "yes" : "no"}
        options={STATED}
        className="wide:col-span-3 wide:max-w-96"
        onChoice={(value) => section.set({ stated: value === "yes" })}
      />
      {form.stated && <FailureFields section={section} />}
    </Foldable>
  );
}

function summaryOf(form: FailureForm): string {
  if (!form.stated) return `Not stated. ${failureSentence({})}`;
  const read = failureModeShape.safeParse(rawFailureMode(form)).data;
  return read ? failureSentence({ failureMode: read }) : "Something in it cannot be read yet.";
}

function FailureFields({ section }: { readonly section: Section }) {
  return (
    <>
      <FieldGroup legend="Callers get">
        <StandInField section={section} at="onError" label="When the model fails" />
        <StandInField section={section} at="onTimeout" label="When the deadline passes" />
        <StandInField section={section} at="onOverload" label="When the queue is full or the breaker open" />
        <Typed
          section={section}
          at="fallbackScore"
          path="fallback.score"
          label="Fixed response, probability"
          hint="Every row gets it, flagged as a fallback. Empty: there is none."
        />
        <Typed section={section} at="queueRows" path="queueRows" label="Rows that may wait" hint="More is overload." />
      </FieldGroup>
      <SwitchedGroup
        section={section}
        part="breaker"
        legend="Circuit breaker"
        off="None"
        on="Spares callers a model that fails or is slow"
      >
        <Typed section={section} at="errorRatio" path="breaker.errorRatio" label="Opens when so many failed" unit="%" />
        <Typed section={section} at="slowRatio" path="breaker.slowRatio" label="Or so many were slow" unit="%" />
        <Typed section={section} at="slowMs" path="breaker.slowMs" label="Slow is more than" unit="ms" />
        <Typed section={section} at="minRequests" path="breaker.minRequests" label="Of at least so many requests" />
        <Typed
          section={section}
          at="breakerWindow"
          path="breaker.windowSeconds"
          label="Within"
          hint="For example 10 s."
        />
        <Typed
          section={section}
          at="breakerOpen"
          path="breaker.openSeconds"
          label="Stays open for"
          hint="For example 10 s."
        />
      </SwitchedGroup>
      <SwitchedGroup
        section={section}
        part="perClient"
        legend="Limit of each client"
        off="None beside the ceiling"
        on="Beyond it 429"
      >
        <Typed
          section={section}
          at="clientRate"
          path="perClient.requestsPerSecond"
          label="Rate of one client"
          unit="requests/s"
        />
        <Typed section={section} at="clientBurst" path="perClient.burst" label="At once" unit="requests" />
      </SwitchedGroup>
      <SwitchedGroup
        section={section}
        part="batching"
        legend="Batches"
        off="Only what waits already"
        on="Requests wait for each other"
      >
        <Typed section={section} at="batchRows" path="batching.maxRows" label="Rows in a batch, at most" />
        <Typed
          section={section}
          at="batchDelayMs"
          path="batching.maxDelayMs"
          label="Waits at most"
          unit="ms"
          hint="Within the latency that is promised."
        />
      </SwitchedGroup>
    </>
  );
}

type StandInProps = {
  readonly section: Section;
  readonly at: "onError" | "onTimeout" | "onOverload";
  readonly label: string;
};

function StandInField({ section, at, label }: StandInProps) {
  return (
    <ChoiceField<StandIn>
      label={label}
      value={section.form[at]}
      options={STAND_INS}
      error={section.error(at)}
      onChoice={(value) => section.set({ [at]: value })}
    />
  );
}

type TypedProps = {
  readonly section: Section;
  readonly at: TextKey;
  /** Of the value in the document, below `failureMode`. */
  readonly path: string;
  readonly label: string;
  readonly unit?: string;
  readonly hint?: string;
};

function Typed({ section, at, path, ...field }: TypedProps) {
  return (
    <TextField
      {...field}
      value={section.form[at]}
      error={section.error(path)}
      onText={(text) => section.set({ [at]: text })}
    />
  );
}

type GroupProps = {
  readonly section: Section;
  readonly part: Part;
  readonly legend: string;
  readonly off: string;
  readonly on: string;
  readonly children: React.ReactNode;
};

/** A part that a failure mode has or has not: what was typed stays while it is off. */
function SwitchedGroup({ section, part, legend, off, on, children }: GroupProps) {
  return (
    <FieldGroup legend={legend} named>
      <ChoiceField
        label={legend}
        value={section.form[part] ? "on" : "off"}
        options={[
          { value: "off", label: off },
          { value: "on", label: on },
        ]}
        className="wide:col-span-3 wide:max-w-96"
        error={section.error(part)}
        onChoice={(value) => section.set({ [part]: value === "on" })}
      />
      {section.form[part] && children}
    </FieldGroup>
  );
}
