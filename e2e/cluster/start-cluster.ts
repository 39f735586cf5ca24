// A real Kubernetes cluster on loopback, without containers: etcd, API server, controllers, scheduler, and kwok in place of kubelets;
// KServe, and Envoy Gateway with a real Envoy, where asked for.
import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { freePort } from "@/embedded/free-port.mjs";
import { makeCertificates } from "./certificates";
import { startControllers, startServer } from "./control-plane";
import { startGateway } from "./gateway";
import type { Ground } from "./ground";
import { startKserve } from "./kserve";
import { LoopbackApi } from "./loopback-api";
import { Programs } from "./programs";
import { makeUsers } from "./users";

export type ClusterOptions = {
  /** Folder with the built programs. */
  readonly bin: string;
  /** Folder for state, logs and kubeconfigs: empty, or none yet. */
  readonly data: string;
  readonly kserve: boolean;
  readonly gateway: boolean;
  readonly tell: (line: string) => void;
};

export type Cluster = {
  /** Of a user who may do everything; `viewer.kubeconfig` beside it is of one who may do nothing. */
  readonly kubeconfig: string;
  /** Rejects when one of the programs ends by itself. */
  readonly death: Promise<never>;
  readonly stop: () => Promise<void>;
};

/** Starts the programs one after the other; when one does not come up, stops them all and throws. */
export async function startCluster({ bin, data, kserve, gateway, tell }: ClusterOptions): Promise<Cluster> {
  mkdirSync(data, { recursive: true });
  if (readdirSync(data).length > 0) throw new Error(`${data} is not empty: a cluster starts from nothing`);
  const port = await freePort();
  const programs = new Programs(bin, path.join(data, "log"));
  const certificates = makeCertificates(path.join(data, "pki"));
  const users = makeUsers(data, `https://127.0.0.1:${port}`, certificates.authorityPem);
  const api = new LoopbackApi(port, certificates.authorityPem, users.adminToken);
  const ground: Ground = { programs, api, certificates, users, data };
  const steps: [name: string, wanted: boolean, start: () => Promise<void>][] = [
    ["etcd and kube-apiserver", true, () => startServer(ground, port)],
    ["controllers, scheduler, kwok", true, () => startControllers(ground)],
    ["KServe", kserve, () => startKserve(ground)],
    ["Envoy Gateway", gateway, () => startGateway(ground)],
  ];
  try {
    for (const [name, wanted, start] of steps) {
      if (!wanted) continue;
      const began = performance.now();
      await Promise.race([start(), programs.death]);
      tell(`${name}: ready after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    }
  } catch (error) {
    await programs.stop();
    throw error;
  }
  return { kubeconfig: users.adminKubeconfig, death: programs.death, stop: () => programs.stop() };
}
