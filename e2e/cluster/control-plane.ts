// etcd, kube-apiserver, kube-controller-manager, kube-scheduler, and kwok, which plays the kubelets (stages.yaml says how).
import path from "node:path";
import { freePort } from "@/embedded/free-port.mjs";
import type { Ground } from "./ground";
import { LoopbackApi, until } from "./loopback-api";

/** Tells tests that nodes and pods are simulated here. */
export const SIMULATED = "/api/v1/namespaces/kube-system/configmaps/simulated-nodes";

/** The store and the API server on `port`. */
export async function startServer({ programs, api, certificates, users, data }: Ground, port: number): Promise<void> {
  const [client, peer] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  programs.start({
    name: "etcd",
    args: [
      ...["--data-dir", path.join(data, "etcd"), "--unsafe-no-fsync", "--log-level", "warn"],
      ...["--listen-client-urls", client, "--advertise-client-urls", client],
      ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", `default=${peer}`],
    ],
  });
  programs.start({
    name: "kube-apiserver",
    args: [
      ...["--etcd-servers", client, "--cert-dir", path.join(data, "api"), "--secure-port", String(port)],
      ...["--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1"],
      // A loopback address is refused as an endpoint of the service `kubernetes`.
      ...["--endpoint-reconciler-type", "none"],
      ...["--service-cluster-ip-range", "10.0.0.0/16", "--allow-privileged=true", "--authorization-mode", "RBAC"],
      ...["--tls-cert-file", certificates.certificate, "--tls-private-key-file", certificates.key],
      ...["--token-auth-file", users.file, "--service-account-issuer", "https://kubernetes.default.svc"],
      ...["--service-account-key-file", certificates.accountsPublicKey],
      ...["--service-account-signing-key-file", certificates.accountsKey],
    ],
  });
  await until("kube-apiserver", async () => (await api.status("/readyz")) === 200);
}

/** Whatever makes pods of deployments, gives them nodes, and lets them seem to run. */
export async function startControllers({ programs, api, certificates, users, data }: Ground): Promise<void> {
  const kubeconfig = users.adminKubeconfig;
  const secure = async (name: string, more: readonly string[]) => {
    const port = await freePort();
    programs.start({
      name,
      args: [
        ...["--kubeconfig", kubeconfig, "--bind-address", "127.0.0.1", "--secure-port", String(port)],
        ...["--authentication-kubeconfig", kubeconfig, "--authorization-kubeconfig", kubeconfig],
        ...["--tls-cert-file", certificates.certificate, "--tls-private-key-file", certificates.key],
        ...["--leader-elect=false", "--kube-api-qps", "200", "--kube-api-burst", "400", ...more],
      ],
    });
    const own = new LoopbackApi(port, certificates.authorityPem, users.adminToken);
    return () => until(name, async () => (await own.status("/healthz")) === 200);
  };
  const ready = [
    await secure("kube-controller-manager", [
      ...["--cert-dir", path.join(data, "controllers"), "--root-ca-file", certificates.authority],
      ...["--service-account-private-key-file", certificates.accountsKey, "--use-service-account-credentials"],
    ]),
    await secure("kube-scheduler", []),
  ];
  programs.start({
    name: "kwok",
    args: [
      ...["--kubeconfig", kubeconfig, "--server-address", `127.0.0.1:${await freePort()}`, "--manage-all-nodes=true"],
      ...["--cidr", "10.244.0.0/16", "--node-ip", "127.0.0.1", "--node-lease-duration-seconds", "40"],
      ...["--config", path.join(import.meta.dirname, "stages.yaml")],
    ],
  });
  for (const wait of ready) await wait();
  const account = "/api/v1/namespaces/default/serviceaccounts/default";
  await until("default service account", async () => (await api.status(account)) === 200);
  const mark = { name: "simulated-nodes", namespace: "kube-system" };
  await api.apply(SIMULATED, { apiVersion: "v1", kind: "ConfigMap", metadata: mark });
}
