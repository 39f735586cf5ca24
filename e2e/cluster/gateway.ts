// Gateway API by Envoy Gateway, which reads routes from the API server and runs a real Envoy as its child. A `Backend` may point at
// 127.0.0.1. Makes the GatewayClass `envoy`; tests make their own Gateway on a free port, and their own routes.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freePort, isFree } from "@/embedded/free-port.mjs";
import { applyDefinitions } from "./custom-resources";
import type { Ground } from "./ground";
import { until } from "./loopback-api";

const GROUP = "gateway.envoyproxy.io";
const VERSION = `${GROUP}/v1alpha1`;
const CONTROLLER = `${GROUP}/gatewayclass-controller`;
const NAMESPACE = "envoy-gateway-system";
const CLASS = "/apis/gateway.networking.k8s.io/v1/gatewayclasses/envoy";
/** Of its xDS server, its health check and its webhook: it has no settings for them, so there is one gateway per machine. */
const FIXED_PORTS = [18_000, 8_081, 9_443];

/**
 * With routes from an API server it insists on certificates in /certs. This gives it a root folder of its own that has them, in a mount
 * namespace of its own: nothing changes outside.
 */
const WITH_CERTIFICATES = `set -e
mount -t tmpfs tmpfs "$ROOT"
for each in /*; do
  if [ -L "$each" ]; then cp -P "$each" "$ROOT$each"; elif [ -d "$each" ]; then mkdir "$ROOT$each"; mount --rbind "$each" "$ROOT$each"; fi
done
mkdir -p "$ROOT/certs"
cp "$CERTS"/* "$ROOT/certs/"
exec chroot "$ROOT" "$PROGRAM" server --config-path "$CONFIG"`;

export async function startGateway(ground: Ground): Promise<void> {
  const { programs, api, users, data } = ground;
  for (const port of FIXED_PORTS) {
    if (!(await isFree(port)))
      throw new Error(`Envoy Gateway needs port ${port}, which is in use: only one per machine`);
  }
  const home = path.join(data, "gateway");
  const envoyVersion = readFileSync(programs.at("envoy.version"), "utf8").trim();
  placeEnvoy(home, envoyVersion, programs.at("envoy"));
  await applyDefinitions(ground, "gateway");
  await applyClass(ground, envoyVersion);
  const config = path.join(home, "config.yaml");
  writeFileSync(config, JSON.stringify(configuration(home)));
  makeGatewayCertificates(programs.at("envoy-gateway"), home, users.adminKubeconfig);
  const root = path.join(home, "root");
  mkdirSync(root);
  programs.start({
    name: "envoy-gateway",
    command: "unshare",
    args: ["--user", "--map-root-user", "--mount", "sh", "-c", WITH_CERTIFICATES],
    env: {
      KUBECONFIG: users.adminKubeconfig,
      ROOT: root,
      CERTS: path.join(home, "config", "certs", "envoy-gateway"),
      PROGRAM: programs.at("envoy-gateway"),
      CONFIG: config,
    },
  });
  await applyGateway(ground);
  await until("Envoy Gateway", async () => {
    const { status } = await api.read<{ status?: { conditions?: { type: string; status: string }[] } }>(CLASS);
    return status?.conditions?.some((each) => each.type === "Accepted" && each.status === "True") ?? false;
  });
}

/** Where Envoy Gateway looks for an Envoy before it would download one. */
function placeEnvoy(home: string, version: string, envoy: string): void {
  const dir = path.join(home, "data", "envoy-versions", version, "bin");
  mkdirSync(dir, { recursive: true });
  symlinkSync(envoy, path.join(dir, "envoy"));
}

function configuration(home: string): object {
  const folders = {
    configHome: path.join(home, "config"),
    dataHome: path.join(home, "data"),
    stateHome: path.join(home, "state"),
    runtimeDir: path.join(home, "run"),
  };
  return {
    apiVersion: VERSION,
    kind: "EnvoyGateway",
    gateway: { controllerName: CONTROLLER },
    provider: {
      type: "Custom",
      custom: {
        resource: { type: "Kubernetes", kubernetes: { leaderElection: { disable: true } } },
        infrastructure: { type: "Host", host: folders },
      },
    },
    extensionApis: { enableBackend: true },
    telemetry: { metrics: { prometheus: { disable: true } } },
  };
}

async function applyClass({ api }: Ground, envoyVersion: string): Promise<void> {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } };
  await api.apply(`/api/v1/namespaces/${NAMESPACE}`, namespace);
  const proxy = { name: "host", namespace: NAMESPACE };
  await api.apply(`/apis/${VERSION}/namespaces/${NAMESPACE}/envoyproxies/host`, {
    apiVersion: VERSION,
    kind: "EnvoyProxy",
    metadata: proxy,
    // One Envoy for the Gateways of all tests: a second one on the same machine does not start.
    spec: { mergeGateways: true, provider: { type: "Host", host: { envoyVersion } } },
  });
  await api.apply(CLASS, {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "GatewayClass",
    metadata: { name: "envoy" },
    spec: { controllerName: CONTROLLER, parametersRef: { group: GROUP, kind: "EnvoyProxy", ...proxy } },
  });
}

/** A Gateway that stays, so that Envoy does when a test has removed its own. */
async function applyGateway({ api }: Ground): Promise<void> {
  const listeners = [{ name: "http", protocol: "HTTP", port: await freePort() }];
  await api.apply(`/apis/gateway.networking.k8s.io/v1/namespaces/${NAMESPACE}/gateways/always`, {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name: "always", namespace: NAMESPACE },
    spec: { gatewayClassName: "envoy", listeners },
  });
}

/** Certificates between Envoy Gateway and its Envoy (files), and the secrets that it wants to see in its namespace. */
function makeGatewayCertificates(program: string, home: string, kubeconfig: string): void {
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  for (const flags of [["--local", "--config-home", path.join(home, "config")], ["--disable-topology-injector"]]) {
    execFileSync(program, ["certgen", ...flags], { env, stdio: ["ignore", "ignore", "inherit"] });
  }
}
