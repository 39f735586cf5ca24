import { READ_IN_CLUSTER, READ_IN_NAMESPACE, READ_VERBS, WRITE_VERBS, WRITTEN } from "@/lib/deployments/cluster-role";

/** A rule as a `SelfSubjectRulesReview` answers it. */
export type RightsRule = {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
};

/**
 * What the account lacks in its namespace, as `patch httproutes.gateway.networking.k8s.io`. Groups that the cluster does not serve are
 * not asked for: nothing of them is written there.
 */
export function missingRights(rules: readonly RightsRule[], groups: ReadonlySet<string>): readonly string[] {
  const wanted = [
    ...WRITTEN.map((each) => ({ ...each, verbs: WRITE_VERBS })),
    ...READ_IN_NAMESPACE.map((each) => ({ ...each, verbs: READ_VERBS })),
    ...READ_IN_CLUSTER.map((each) => ({ ...each, verbs: ["list"] as const })),
  ];
  const missing = wanted
    .filter(({ group }) => group === "" || groups.has(group))
    .flatMap(({ group, resource, verbs }) => {
      const lacking = verbs.filter((verb) => !rules.some((rule) => allows(rule, { group, resource, verb })));
      const name = group === "" ? resource : `${resource}.${group}`;
      return lacking.length > 0 ? [`${lacking.join(", ")} ${name}`] : [];
    });
  return [...new Set(missing)];
}

type Right = { readonly group: string; readonly resource: string; readonly verb: string };

function allows(rule: RightsRule, { group, resource, verb }: Right): boolean {
  const has = (all: readonly string[] | undefined, one: string) =>
    (all ?? []).some((each) => each === "*" || each === one);
  const { verbs, apiGroups, resources, resourceNames = [] } = rule;
  return resourceNames.length === 0 && has(verbs, verb) && has(apiGroups, group) && has(resources, resource);
}
