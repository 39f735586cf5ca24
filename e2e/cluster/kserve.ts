// KServe's controller manager: definitions, configuration, the manager, and its webhooks last, so that nothing fails meanwhile.
import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { freePort } from "@/embedded/free-port.mjs";
import { applyDefinitions } from "./custom-resources";
import type { Ground } from "./ground";
import { kserveConfiguration, kserveWebhooks } from "./kserve-objects";
import { until } from "./loopback-api";

export async function startKserve(ground: Ground): Promise<void> {
  const { programs, api, certificates, users, data } = ground;
  await applyDefinitions(ground, "kserve");
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "kserve" } };
  await api.apply("/api/v1/namespaces/kserve", namespace);
  await api.apply("/api/v1/namespaces/kserve/configmaps/inferenceservice-config", kserveConfiguration());

  // The webhook server looks for its certificate under the temporary folder, and listens on all addresses: it has no flag for either.
  const temporary = path.join(data, "kserve");
  const serving = path.join(temporary, "k8s-webhook-server", "serving-certs");
  mkdirSync(serving, { recursive: true });
  copyFileSync(certificates.certificate, path.join(serving, "tls.crt"));
  copyFileSync(certificates.key, path.join(serving, "tls.key"));
  const [webhooks, metrics, health] = [await freePort(), await freePort(), await freePort()];
  programs.start({
    name: "kserve-manager",
    args: [
      ...["--kubeconfig", users.adminKubeconfig, "--webhook-port", String(webhooks)],
      ...["--metrics-addr", `127.0.0.1:${metrics}`, "--health-probe-addr", `127.0.0.1:${health}`],
    ],
    env: { POD_NAMESPACE: "kserve", TMPDIR: temporary },
  });
  await until("KServe manager", async () => (await fetch(`http://127.0.0.1:${health}/readyz`)).ok);
  for (const { path: url, object } of kserveWebhooks(webhooks, certificates.authorityPem)) await api.apply(url, object);
}
