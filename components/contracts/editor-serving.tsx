"use client";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Foldable } from "./foldable";
import { type Editing, hasMessages } from "./use-document-form";

/** Where it serves and what a request may be. */
export function EditorServing({ editing }: { readonly editing: Editing }) {
  const { form, messages, set } = editing;
  const deadline =
    form.deadlineMs.trim() === "" ? "no deadline" : `an answer within ${form.deadlineMs} ms or a timeout`;
  return (
    <Foldable
      title="Serving"
      summary={`${form.target}, ${form.tier}; at most ${form.maxRows} rows per request; ${deadline}.`}
      forced={hasMessages(messages, "serving")}
    >
      <Field label="Target" error={messages["serving.target"]}>
        {(control) => (
          <Select
            {...control}
            value={form.target}
            options={[
              { value: "local", label: "Local runtime" },
              ...(form.target === "kubernetes" ? [{ value: "kubernetes", label: "Kubernetes" }] : []),
            ]}
            onChange={(event) => set({ target: event.target.value === "kubernetes" ? "kubernetes" : "local" })}
          />
        )}
      </Field>
      <Field label="Tier" error={messages["serving.tier"]}>
        {(control) => (
          <Select
            {...control}
            value={form.tier}
            options={[
              { value: "cpu", label: "CPU" },
              ...(form.tier === "cpu" ? [] : [{ value: form.tier, label: form.tier }]),
            ]}
            onChange={(event) => set({ tier: event.target.value === "cpu" ? "cpu" : form.tier })}
          />
        )}
      </Field>
      <Field label="Rows per request, at most" error={messages["serving.maxRows"]}>
        {(control) => (
          <Input
            {...control}
            numeric
            className="max-w-32"
            value={form.maxRows}
            onChange={(event) => set({ maxRows: event.target.value })}
          />
        )}
      </Field>
      <Field label="Deadline" hint="Empty: none." error={messages["serving.deadlineMs"]}>
        {(control) => (
          <Input
            {...control}
            numeric
            unit="ms"
            className="max-w-32"
            value={form.deadlineMs}
            onChange={(event) => set({ deadlineMs: event.target.value })}
          />
        )}
      </Field>
    </Foldable>
  );
}
