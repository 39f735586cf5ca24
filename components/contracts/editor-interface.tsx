"use client";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Panel, PanelBody } from "@/components/ui/panel";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import type { Editing } from "./use-document-form";

/** What a request carries and what the answer means. */
export function EditorInterface({ editing }: { readonly editing: Editing }) {
  const { form, messages, set } = editing;
  return (
    <Panel title="Interface" aside="binary classification">
      <PanelBody className="grid gap-4 wide:grid-cols-2">
        <Field
          label="Features, one a line, in the order of the model's columns"
          required
          className="wide:col-span-2"
          error={featureErrors(messages)}
          hint={
            <>
              Name, type, range or values: <span className="num">hour integer 0..23</span>,{" "}
              <span className="num">distance number 0..</span>, <span className="num">origin category JFK|LAX</span>;{" "}
              <span className="num">missing</span> where a request may leave it out,{" "}
              <span className="num">calendar</span> where it follows the calendar; a description behind{" "}
              <span className="num">#</span>.
            </>
          }
        >
          {(control) => (
            <Textarea
              {...control}
              name="features"
              className="num min-h-44"
              spellCheck={false}
              value={form.features}
              onChange={(event) => set({ features: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Time of the features"
          hint="What a freshness clause measures."
          error={messages["interface.featureTime"]}
        >
          {(control) => (
            <Select
              {...control}
              value={form.featureTime}
              options={[
                { value: "required", label: "Every request says when they were computed" },
                { value: "none", label: "Requests do not say" },
              ]}
              onChange={(event) => set({ featureTime: event.target.value === "required" ? "required" : "none" })}
            />
          )}
        </Field>
        <Field label="Output tensor" hint="It holds the probability of yes." error={messages["interface.output.name"]}>
          {(control) => (
            <Input
              {...control}
              className="num"
              value={form.outputName}
              onChange={(event) => set({ outputName: event.target.value })}
            />
          )}
        </Field>
        <Field label="Column of the output" error={messages["interface.output.index"]}>
          {(control) => (
            <Input
              {...control}
              numeric
              className="max-w-32"
              value={form.outputIndex}
              onChange={(event) => set({ outputIndex: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Threshold"
          hint="From this probability on the decision is yes."
          error={messages["interface.output.threshold"]}
        >
          {(control) => (
            <Input
              {...control}
              numeric
              className="max-w-32"
              value={form.threshold}
              onChange={(event) => set({ threshold: event.target.value })}
            />
          )}
        </Field>
      </PanelBody>
    </Panel>
  );
}

/** Messages of single features, with their line. */
function featureErrors(messages: Editing["messages"]): readonly string[] {
  return Object.entries(messages).flatMap(([path, texts]) => {
    if (path === "interface.features") return texts;
    const line = /^interface\.features\.(\d+)/.exec(path)?.[1];
    return line === undefined ? [] : texts.map((each) => `Feature ${Number(line) + 1}: ${each}.`);
  });
}
