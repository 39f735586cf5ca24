import type { DesiredEndpoint, ServingTarget } from "@/lib/deployments/target";
import { getStatus, type HostAccess, putState } from "@/lib/inference/host-client";
import { LOCAL_CAPABILITIES } from "@/lib/serving/capabilities";

/** The local runtime as a serving target, over its host's admin interface. */
export function localTarget(access: HostAccess): ServingTarget {
  async function apply(endpoints: readonly DesiredEndpoint[]): Promise<{ readonly stale: readonly string[] }> {
    const answer = await putState(access, { endpoints: [...endpoints] });
    return { stale: answer.endpoints.filter(({ result }) => result === "stale").map(({ name }) => name) };
  }
  return {
    capabilities: LOCAL_CAPABILITIES,
    apply,
    observe: async () => (await getStatus(access)).endpoints,
  };
}
