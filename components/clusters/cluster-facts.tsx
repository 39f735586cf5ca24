import { ClauseState } from "@/components/ui/clause-state";
import { Fact, Facts } from "@/components/ui/facts";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import type { ClusterDetail } from "@/lib/deployments/cluster-view";
import { clusterLook } from "./cluster-words";

/** Why it could not be looked at, and how old that is which is shown. */
export function ClusterNotice({
  cluster: { problem, checkedAt, capabilitiesAt },
}: {
  readonly cluster: ClusterDetail;
}) {
  if (problem === null) return null;
  const isOld = capabilitiesAt !== checkedAt;
  return (
    <Notice tone="breach" title="Something stands in the way" className="mb-4">
      {problem}
      {isOld && capabilitiesAt && (
        <>
          {" "}
          What is shown below was seen <RelativeTime at={capabilitiesAt} />.
        </>
      )}
    </Notice>
  );
}

export function ClusterFacts({ cluster }: { readonly cluster: ClusterDetail }) {
  const { state, namespace, version, endpoints, unmanaged, checkedAt } = cluster;
  return (
    <Facts>
      <Fact label="State" value={<ClauseState {...clusterLook(state)} />} />
      <Fact label="Kubernetes" value={<span className="num">{version ?? "—"}</span>} />
      <Fact label="Namespace" value={<span className="num">{namespace}</span>} />
      <Fact label="Endpoints" value={endpoints} />
      <Fact label="Without a contract" value={unmanaged ?? "—"} />
      <Fact label="Looked at" value={checkedAt ? <RelativeTime at={checkedAt} /> : "not yet"} />
    </Facts>
  );
}
