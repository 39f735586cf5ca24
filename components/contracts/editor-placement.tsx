"use client";

import type { ContractDocument } from "@/lib/contracts/document";
import type { PlacementForm } from "@/lib/contracts/placement-form";
import { placementSentence } from "@/lib/contracts/placement-words";
import { GPU_PRODUCTS, productsWith } from "@/lib/serving/gpu-shape";
import { ChoiceField, FieldGroup, TextField } from "./editor-field";
import { Foldable } from "./foldable";
import { type Editing, hasMessages } from "./use-document-form";

type Props = {
  readonly editing: Editing;
  /** How many clusters are registered; null: it cannot be told. */
  readonly clusters: number | null;
};

const STATED = [
  { value: "no", label: "As usual: one to three replicas, one zone, no GPU" },
  { value: "yes", label: "Stated in the contract" },
] as const;

const TIERS = [
  { value: "cpu", label: "CPU" },
  { value: "gpu", label: "GPU" },
  { value: "edge", label: "Edge" },
] as const;

/** Where it serves and what it gets there: in one sentence while closed. */
export function EditorPlacement({ editing, clusters }: Props) {
  const { form, messages, set } = editing;
  const { target, tier } = form;
  const isMissing = clusters === 0;
  const onCluster = target === "kubernetes";
  const place = (fields: Partial<PlacementForm>) => set({ placement: { ...form.placement, ...fields } });
  return (
    <Foldable
      title="Placement"
      summary={summaryOf(editing)}
      forced={["target", "tier", "placement"].some((part) => hasMessages(messages, `serving.${part}`))}
    >
      <ChoiceField
        label="Target"
        hint={isMissing && "Kubernetes: no cluster is registered. An administrator adds one under Settings, Clusters."}
        value={target}
        options={[
          { value: "local", label: "Local runtime" },
          { value: "kubernetes", label: "Kubernetes", disabled: isMissing && !onCluster },
        ]}
        error={messages["serving.target"]}
        onChoice={(chosen) => set({ target: chosen, ...(chosen === "local" && { tier: "cpu" }) })}
      />
      <ChoiceField
        label="Tier"
        hint={onCluster ? undefined : "The local runtime has the processor only."}
        value={tier}
        options={TIERS.map((each) => ({ ...each, disabled: !isOffered(each.value, form) }))}
        error={messages["serving.tier"]}
        onChoice={(chosen) => set({ tier: chosen, placement: placementFor(chosen, form.placement) })}
      />
      {onCluster && (
        <ChoiceField
          label="Replicas, zones and GPU"
          value={form.placement.stated ? "yes" : "no"}
          options={STATED}
          error={[
            ...(messages["serving.placement"] ?? []),
            // The field that it belongs to is not there while nothing is stated.
            ...(form.placement.stated ? [] : (messages["serving.placement.gpu"] ?? [])),
          ]}
          onChoice={(value) => place({ stated: value === "yes" })}
        />
      )}
      {onCluster && form.placement.stated && <PlacementFields editing={editing} place={place} />}
    </Foldable>
  );
}

/** Devices pull their bundles themselves: no target serves the tier edge yet, but a contract that has it keeps it. */
function isOffered(tier: ContractDocument["serving"]["tier"], form: Editing["form"]): boolean {
  return tier === form.tier || tier === "cpu" || (tier === "gpu" && form.target === "kubernetes");
}

/** A tier with a GPU says how much of one; the others have none. */
function placementFor(tier: string, placement: PlacementForm): PlacementForm {
  if (tier !== "gpu") return { ...placement, gpu: "none" };
  return { ...placement, stated: true, gpu: placement.gpu === "none" ? "mig" : placement.gpu };
}

function summaryOf({ document, form }: Editing): string {
  if (document) return placementSentence(document.serving);
  return form.target === "local" ? placementSentence(LOCAL) : "Something in the contract cannot be read yet.";
}

const LOCAL = { target: "local", tier: "cpu", maxRows: 1, deadlineMs: null } as const;

type FieldsProps = { readonly editing: Editing; readonly place: (fields: Partial<PlacementForm>) => void };

function PlacementFields({ editing: { form, messages }, place }: FieldsProps) {
  const { placement } = form;
  const error = (path: string) => messages[`serving.placement.${path}`];
  return (
    <>
      <FieldGroup legend="Replicas">
        <TextField
          label="At least"
          value={placement.minReplicas}
          error={error("replicas.min")}
          onText={(minReplicas) => place({ minReplicas })}
        />
        <TextField
          label="At most"
          hint="As many as the queue asks for, up to this."
          value={placement.maxReplicas}
          error={error("replicas.max")}
          onText={(maxReplicas) => place({ maxReplicas })}
        />
        <TextField
          label="Zones"
          hint="They are spread over so many."
          value={placement.zones}
          error={error("zones")}
          onText={(zones) => place({ zones })}
        />
      </FieldGroup>
      {(form.tier === "gpu" || placement.gpu !== "none") && (
        <GpuFields placement={placement} error={error} place={place} />
      )}
    </>
  );
}

const SHAPES = [
  { value: "mig", label: "A partition (MIG)" },
  { value: "whole", label: "Whole GPUs" },
  { value: "time_sliced", label: "Shared in time" },
  { value: "none", label: "None" },
] as const;

const PROFILES = [...new Set(GPU_PRODUCTS.flatMap(({ profiles }) => profiles.map(({ name }) => name)))];

type GpuProps = {
  readonly placement: PlacementForm;
  readonly error: (path: string) => readonly string[] | undefined;
  readonly place: (fields: Partial<PlacementForm>) => void;
};

function GpuFields({ placement: { gpu, gpuCount, profile, accepted }, error, place }: GpuProps) {
  const profiles = PROFILES.includes(profile) ? PROFILES : [...PROFILES, profile];
  return (
    <FieldGroup legend="GPU of a replica">
      <ChoiceField
        label="Share"
        value={gpu}
        options={SHAPES}
        error={error("gpu")}
        onChoice={(chosen) => place({ gpu: chosen })}
      />
      {gpu === "whole" && (
        <TextField
          label="How many"
          value={gpuCount}
          error={error("gpu.count")}
          onText={(text) => place({ gpuCount: text })}
        />
      )}
      {gpu === "mig" && (
        <ChoiceField
          label="Profile"
          hint={`Of ${
            productsWith(profile)
              .map(({ name }) => name)
              .join(", ") || "no GPU"
          }.`}
          value={profile}
          options={profiles.map((name) => ({ value: name, label: name }))}
          error={error("gpu.profile")}
          onChoice={(chosen) => place({ profile: chosen })}
        />
      )}
      {gpu === "time_sliced" && (
        <ChoiceField
          label="Latency on it"
          hint="Others run on the same GPU in between: no latency is kept there by itself."
          value={accepted ? "yes" : "no"}
          options={[
            { value: "no", label: "Not accepted" },
            { value: "yes", label: "Accepted by who signs" },
          ]}
          error={error("gpu.accepted")}
          onChoice={(value) => place({ accepted: value === "yes" })}
        />
      )}
    </FieldGroup>
  );
}
