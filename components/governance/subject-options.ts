import type { Option } from "@/components/ui/select";
import type { Endpoint } from "@/lib/deployments/schema";
import type { Model, VersionSummary } from "@/lib/registry/schema";

export function endpointOptions(endpoints: readonly Endpoint[]): Option[] {
  return endpoints.map(({ name, environment, serving }) => ({
    value: name,
    label: `${name} (${environment}${serving ? `, serves ${serving.model} v${serving.version}` : ""})`,
  }));
}

export function modelOptions(models: readonly Model[]): Option[] {
  return models.map(({ name }) => ({ value: name, label: name }));
}

/** Failed versions are left out: they can never serve. */
export function versionOptions(versions: readonly VersionSummary[]): Option[] {
  return versions
    .filter(({ state }) => state !== "failed")
    .map(({ number, state }) => ({
      value: `${number}`,
      label: state === "ready" ? `v${number}` : `v${number} (${state})`,
    }));
}
