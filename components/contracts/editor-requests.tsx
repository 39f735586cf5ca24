"use client";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Foldable } from "./foldable";
import { type Editing, hasMessages } from "./use-document-form";

/** What a request may be. */
export function EditorRequests({ editing }: { readonly editing: Editing }) {
  const { form, messages, set } = editing;
  const deadline =
    form.deadlineMs.trim() === "" ? "no deadline" : `an answer within ${form.deadlineMs} ms or a timeout`;
  return (
    <Foldable
      title="Requests"
      summary={`At most ${form.maxRows} rows per request; ${deadline}.`}
      forced={["maxRows", "deadlineMs"].some((field) => hasMessages(messages, `serving.${field}`))}
    >
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
