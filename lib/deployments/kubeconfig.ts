import { parse as parseYaml } from "yaml";
import { z } from "zod";

const named = <T extends z.ZodRawShape>(shape: T) => z.object({ name: z.string(), ...shape });

const file = z.object({
  "current-context": z.string({ error: "it names no current-context" }).min(1, "it names no current-context"),
  clusters: z.array(named({ cluster: z.looseObject({ server: z.string() }) }), { error: "it has no clusters" }),
  contexts: z.array(named({ context: z.object({ cluster: z.string(), user: z.string() }) }), {
    error: "it has no contexts",
  }),
  users: z.array(named({ user: z.looseObject({}) }), { error: "it has no users" }),
});
type File = z.output<typeof file>;

/** What of a kubeconfig would read files or run programs on the machine of the worker, and what to put in its place. */
const FOREIGN: Readonly<Record<string, string>> = {
  "certificate-authority": "put the certificate in as certificate-authority-data",
  "client-certificate": "put the certificate in as client-certificate-data",
  "client-key": "put the key in as client-key-data",
  tokenFile: "put the token in as token",
  exec: "make a service account and put its token in (kubectl create token)",
  "auth-provider": "make a service account and put its token in (kubectl create token)",
};

/** What is kept of the chosen entries: nothing that is not named here reaches the client. */
const KEPT_OF_CLUSTER = ["server", "certificate-authority-data", "tls-server-name"] as const;
const KEPT_OF_USER = ["token", "client-certificate-data", "client-key-data"] as const;

type Part = Readonly<Record<string, unknown>>;

export type Kubeconfig =
  | {
      readonly ok: true;
      /** Address of the API server. */
      readonly server: string;
      /** A kubeconfig (JSON) of the current context alone. */
      readonly kept: string;
    }
  /** In words for a person, with what to do. */
  | { readonly ok: false; readonly problem: string };

/**
 * Whether a cluster can be reached by this text from another machine than the one that it was written for: a current context with the
 * address of an API server and credentials in the text itself. Nothing of it is ever run, and no file of the worker read.
 */
export function readKubeconfig(text: string): Kubeconfig {
  const parsed = parse(text);
  if (typeof parsed === "string") return { ok: false, problem: parsed };
  const chosen = parsed["current-context"];
  const context = parsed.contexts.find(({ name }) => name === chosen)?.context;
  if (!context) return { ok: false, problem: `it has no context ${chosen}` };
  const cluster = parsed.clusters.find(({ name }) => name === context.cluster)?.cluster;
  if (!cluster) return { ok: false, problem: `it has no cluster ${context.cluster}` };
  const user = parsed.users.find(({ name }) => name === context.user)?.user;
  if (!user) return { ok: false, problem: `it has no user ${context.user}` };
  const problem = clusterProblem(cluster) ?? foreignPart([cluster, user]) ?? userProblem(user);
  return problem === null ? { ok: true, server: cluster.server, kept: keptOf(cluster, user) } : { ok: false, problem };
}

function keptOf(cluster: Part, user: Part): string {
  const pick = (part: Part, keys: readonly string[]) =>
    Object.fromEntries(keys.flatMap((key) => (typeof part[key] === "string" ? [[key, part[key]]] : [])));
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "cluster",
    clusters: [{ name: "cluster", cluster: pick(cluster, KEPT_OF_CLUSTER) }],
    contexts: [{ name: "cluster", context: { cluster: "cluster", user: "proviso" } }],
    users: [{ name: "proviso", user: pick(user, KEPT_OF_USER) }],
  });
}

function parse(text: string): File | string {
  const parsed = file.safeParse(toValue(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.path.length === 1) return issue.message;
  return `it is no kubeconfig${issue && issue.path.length > 1 ? `: ${issue.path.join(".")}` : ""}`;
}

/** Undefined for what is no YAML, or unfolds without end. */
function toValue(text: string): unknown {
  try {
    return parseYaml(text, { maxAliasCount: 10, prettyErrors: false });
  } catch {
    return undefined;
  }
}

function clusterProblem(cluster: Part & { readonly server: string }): string | null {
  const url = URL.canParse(cluster.server) ? new URL(cluster.server) : null;
  if (url?.protocol !== "https:") return `${cluster.server} is no https address of an API server`;
  if (url.username !== "" || url.password !== "") return "the address holds a user or a password";
  if (cluster["insecure-skip-tls-verify"]) {
    return "it skips the check of the server's certificate: put certificate-authority-data in instead";
  }
  return null;
}

function foreignPart(parts: readonly Part[]): string | null {
  const found = parts.flatMap((part) => Object.keys(part)).find((key) => FOREIGN[key] !== undefined);
  return found === undefined ? null : `${found} means something on your machine only: ${FOREIGN[found]}`;
}

function userProblem(user: Part): string | null {
  const has = (key: string) => typeof user[key] === "string" && user[key] !== "";
  if (has("token") || (has("client-certificate-data") && has("client-key-data"))) return null;
  return "its user has no token, and no client certificate with its key";
}
