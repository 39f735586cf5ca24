import { type Ask, orNull } from "./ask";
import { KubeError } from "./kube-error";
import type { Kind } from "./object";

/** How long an answer that a kind is unknown is believed: it may be installed at any time. */
const UNKNOWN_KIND_MS = 30_000;

type Resource = { readonly name: string; readonly kind: string; readonly namespaced: boolean };
type Found = { readonly at: number; readonly resources: readonly Resource[] };

/** Where the objects of a kind are, from what the server says of itself. */
export function paths(ask: Ask): (kind: Kind, namespace: string | null) => Promise<string> {
  const known = new Map<string, Promise<Found>>();
  async function look(apiVersion: string): Promise<Found> {
    const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const found = (await orNull(ask(`kinds of ${apiVersion}`, { method: "GET", path }))) as {
      resources?: Resource[];
    } | null;
    return { at: Date.now(), resources: (found?.resources ?? []).filter(({ name }) => !name.includes("/")) };
  }
  async function resourceOf({ apiVersion, kind }: Kind): Promise<Resource> {
    const found = await (known.get(apiVersion) ?? remember(apiVersion));
    const resource = found.resources.find((each) => each.kind === kind);
    if (resource) return resource;
    if (Date.now() - found.at > UNKNOWN_KIND_MS) known.delete(apiVersion);
    throw new KubeError(
      `the cluster does not know ${kind} of ${apiVersion}: install what brings it`,
      404,
      "UnknownKind",
    );
  }
  function remember(apiVersion: string): Promise<Found> {
    const looking = look(apiVersion);
    known.set(apiVersion, looking);
    looking.catch(() => known.delete(apiVersion));
    return looking;
  }
  return async (kind, namespace) => {
    const { name, namespaced } = await resourceOf(kind);
    const base = kind.apiVersion.includes("/") ? `/apis/${kind.apiVersion}` : `/api/${kind.apiVersion}`;
    return namespaced && namespace !== null ? `${base}/namespaces/${namespace}/${name}` : `${base}/${name}`;
  };
}
