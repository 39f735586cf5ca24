import { ClauseState } from "@/components/ui/clause-state";
import { Digest } from "@/components/ui/digest";
import { Panel, PanelBody, PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatCount, formatDate } from "@/lib/format";
import type { ModelVersionDetail, Verification } from "@/lib/registry/schema";

const KINDS: Readonly<Record<string, string>> = {
  verification: "Verification",
  evaluation: "Evaluation",
  reference_sample: "Reference sample",
  load_curve: "Load curve",
  load_curve_attested: "Load curve, attested",
  drill: "Drill",
};

/** What was found when the files were opened, and the evidence rows that gates read. */
export function VerificationPanel({ version }: { readonly version: ModelVersionDetail }) {
  const { verification, verifiedAt, evidence } = version;
  return (
    <Panel title="Verification" aside={verifiedAt && <RelativeTime at={verifiedAt} />}>
      {verification ? (
        <Found verification={verification} />
      ) : (
        <PanelBody className="text-muted">
          {version.state === "failed" ? "It failed: the reason stands above." : "The files have not been opened yet."}
        </PanelBody>
      )}
      {evidence.map(({ kind, digest, recordedAt }) => (
        <PanelRow
          key={digest}
          sub={
            <>
              evidence, recorded <RelativeTime at={recordedAt} />
            </>
          }
          value={<Digest value={digest} />}
        >
          {KINDS[kind] ?? kind}
        </PanelRow>
      ))}
    </Panel>
  );
}

function Found({ verification: { model, sample } }: { readonly verification: Verification }) {
  const opsets = model.opsets.map(({ domain, version }) => `${domain || "ai.onnx"} ${version}`).join(", ");
  const day = (iso: string) => formatDate(Date.parse(iso));
  return (
    <>
      <PanelRow sub={`${model.runtime}; operator sets ${opsets}`} value={<ClauseState state="met" word="Opens" />}>
        Model {model.producer && <span className="text-muted">made by {model.producer}</span>}
      </PanelRow>
      {model.operators && <OperatorsRow operators={model.operators} />}
      <PanelRow
        sub={`a row of the sample was scored; ${model.probabilities.join(", ")} in [0, 1]`}
        value={<ClauseState state="met" word="Fits" />}
      >
        Inputs and outputs as declared
      </PanelRow>
      <PanelRow
        sub={`${day(sample.eventTime.from)} to ${day(sample.eventTime.to)}, ${sample.columns.length} columns`}
        value={<ClauseState state="met" word={`${formatCount(sample.rows)} rows`} />}
      >
        Reference sample has every feature and its time
      </PanelRow>
    </>
  );
}

const NAMED_OPERATORS = 6;

function OperatorsRow({ operators }: { readonly operators: NonNullable<Verification["model"]["operators"]> }) {
  const named = operators.slice(0, NAMED_OPERATORS).map(({ type, count }) => `${type} ${formatCount(count)}`);
  const rest = operators.length > NAMED_OPERATORS ? `, and ${operators.length - NAMED_OPERATORS} more` : "";
  const nodes = operators.reduce((sum, { count }) => sum + count, 0);
  return (
    <PanelRow sub={`${named.join(", ")}${rest}`} value={<span className="num">{formatCount(nodes)} nodes</span>}>
      Operators
    </PanelRow>
  );
}
