"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { type Metric, metric } from "@/lib/contracts/document";
import { METRIC_RULES } from "@/lib/contracts/metric-rules";
import { withClause } from "@/lib/contracts/new-form";
import type { Editing } from "./use-document-form";

/** One more clause of a metric: for requests of another size (batches beside single rows), or for a slice of the rows. */
export function AddClause({ editing }: { readonly editing: Editing }) {
  const [chosen, setChosen] = useState<Metric>("p99");
  const options = metric.options
    .filter((each) => each !== "ceiling" && each !== "drill_age")
    .map((each) => ({ value: each, label: METRIC_RULES[each].name }));
  return (
    <div className="flex flex-wrap items-end gap-3 px-4 py-3">
      <Field label="Another promise, for other requests or a slice of the rows" className="w-72 max-w-full">
        {(control) => (
          <Select
            {...control}
            value={chosen}
            options={options}
            onChange={(event) => setChosen(metric.safeParse(event.target.value).data ?? "p99")}
          />
        )}
      </Field>
      <Button onClick={() => editing.change((form) => withClause(form, chosen))}>Add</Button>
    </div>
  );
}
