import { connect } from "@/lib/kubernetes/client";
import type { Transport } from "@/lib/kubernetes/transport";
import type { RegisteredCluster } from "./registered-clusters";

type Connection = { readonly accessKey: string; readonly transport: Transport };

const kept = new Map<string, Connection>();

/** The way to a cluster's API server, kept until its credentials change. Throws like `access` and `connect`. */
export function connectionOf({ id, accessKey, access }: RegisteredCluster): Transport {
  const before = kept.get(id);
  if (before?.accessKey === accessKey) return before.transport;
  const transport = connect(access());
  kept.set(id, { accessKey, transport });
  return transport;
}
