import { Digest } from "@/components/ui/digest";
import { Fact, Facts } from "@/components/ui/facts";
import { Num } from "@/components/ui/num";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatCount } from "@/lib/format";
import type { ModelVersionDetail } from "@/lib/registry/schema";
import { metricWord } from "./metric-word";

/** What one wants to know first of a version. */
export function VersionFacts({ version }: { readonly version: ModelVersionDetail }) {
  const [headline] = version.evaluation.metrics;
  const serving = version.serves.filter(({ role }) => role === "serving");
  return (
    <Facts>
      <Fact label="Digest" value={<Digest value={version.digest} />} note="of the manifest" />
      <Fact
        label="Serves on"
        value={serving.length === 0 ? "nowhere" : serving.map(({ endpoint }) => endpoint).join(", ")}
      />
      {headline && (
        <Fact
          label={`${metricWord(headline.metric)}, offline`}
          value={<Num value={headline.value} />}
          note={`on ${formatCount(headline.n)} rows`}
        />
      )}
      <Fact label="Code revision" value={<Digest value={version.codeRevision} />} />
      <Fact label="Registered" value={<RelativeTime at={version.createdAt} />} note={`by ${version.registeredBy}`} />
    </Facts>
  );
}
