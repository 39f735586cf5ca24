const PARTS: Readonly<Record<string, string>> = {
  identity: "Model version",
  interface: "Interface",
  serving: "Serving",
  failureMode: "Failure mode",
  rollout: "Rollout",
  cluster: "Cluster",
  purpose: "Purpose",
};

/** What a part of a contract is called: a clause by its id, the rest by a word. */
export function partName(part: string): string {
  return PARTS[part] ?? part;
}
