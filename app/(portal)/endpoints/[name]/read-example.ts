import "server-only";
import { exampleRequest } from "@/components/monitoring/example-request";
import type { Endpoint } from "@/lib/deployments/schema";
import { getContract } from "@/lib/governance/queries/contracts";
import { read } from "@/lib/read";
import { getVersion } from "@/lib/registry/queries/versions";

/** A body for what the endpoint serves; null when it serves nothing or the reader may not see its contract or model. */
export async function readExample({ serving, useCase }: Endpoint) {
  if (!serving) return null;
  const [contract, version] = await Promise.all([
    read(getContract, { slug: useCase.slug, n: serving.contract }),
    read(getVersion, { name: serving.model, version: serving.version }),
  ]);
  if (!contract.ok || !version.ok) return null;
  return exampleRequest(contract.data.document.interface, version.data.schema, Date.now());
}
