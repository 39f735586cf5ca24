import { createEndpoint } from "@/lib/deployments/commands/create-endpoint";
import { issueToken } from "@/lib/deployments/commands/issue-token";
import { reportDevice } from "@/lib/deployments/commands/report-device";
import { rollBackEndpoint } from "@/lib/deployments/commands/roll-back-endpoint";
import { getEndpoint, listEndpoints } from "@/lib/deployments/queries";
import { listDevices } from "@/lib/deployments/queries/devices";
import { getEdgeBundle } from "@/lib/deployments/queries/edge-bundle";
import { getManifests } from "@/lib/deployments/queries/manifests";
import { previewRollback } from "@/lib/governance/queries/rollback";
import { decideBaseline } from "@/lib/monitoring/commands/decide-baseline";
import { proposeBaseline } from "@/lib/monitoring/commands/propose-baseline";
import { getEndpointDrift } from "@/lib/monitoring/queries/drift";
import { getEndpointSeries, getEndpointSummary } from "@/lib/monitoring/queries/endpoints";
import { getExactDrift } from "@/lib/monitoring/queries/exact-drift";
import { getPrometheusRules } from "@/lib/monitoring/queries/prometheus-rules";
import { getEndpointSlo } from "@/lib/monitoring/queries/slo";
import { getClauseWhy } from "@/lib/monitoring/queries/why";
import { closeRetraining } from "@/lib/retraining/commands/close-retraining";
import { proposeRetraining } from "@/lib/retraining/commands/propose-retraining";
import { listRetraining } from "@/lib/retraining/queries";
import type { Described } from "./open-api";

const ENDPOINT = "/api/v1/endpoints/{name}";

/** What is asked and told of an endpoint. */
export const ENDPOINT_OPERATIONS: readonly Described[] = [
  { method: "get", path: "/api/v1/endpoints", operation: listEndpoints, summary: "Endpoints" },
  { method: "post", path: "/api/v1/endpoints", operation: createEndpoint, summary: "Create an endpoint", status: 201 },
  { method: "get", path: ENDPOINT, operation: getEndpoint, summary: "One endpoint with its inference URL" },
  {
    method: "get",
    path: `${ENDPOINT}/drift/exact`,
    operation: getExactDrift,
    summary: "The exact two-sample test of one feature on the rows themselves",
  },
  {
    method: "post",
    path: `${ENDPOINT}/baselines`,
    operation: proposeBaseline,
    summary: "Propose the rows of a window as the new reference for drift",
    status: 201,
  },
  {
    method: "post",
    path: `${ENDPOINT}/baselines/{id}/decision`,
    operation: decideBaseline,
    summary: "Accept or reject a proposed reference",
    status: 201,
  },
  {
    method: "get",
    path: `${ENDPOINT}/manifests`,
    operation: getManifests,
    summary: "What an endpoint is in its cluster, as YAML with the clause of each line",
  },
  {
    method: "get",
    path: `${ENDPOINT}/rollback`,
    operation: previewRollback,
    summary: "What an endpoint can go back to",
  },
  {
    method: "post",
    path: `${ENDPOINT}/rollback`,
    operation: rollBackEndpoint,
    summary: "Make an earlier revision serve again",
  },
  {
    method: "get",
    path: `${ENDPOINT}/summary`,
    operation: getEndpointSummary,
    summary: "What an endpoint did in a range",
  },
  {
    method: "get",
    path: `${ENDPOINT}/series`,
    operation: getEndpointSeries,
    summary: "What an endpoint did, over time",
  },
  {
    method: "get",
    path: `${ENDPOINT}/drift`,
    operation: getEndpointDrift,
    summary: "Drift of every column against the reference, realised and estimated quality",
  },
  {
    method: "get",
    path: `${ENDPOINT}/clauses/{clause}/why`,
    operation: getClauseWhy,
    summary: "Why a clause is not met: features, parts, changes, what to do",
  },
  {
    method: "post",
    path: `${ENDPOINT}/token`,
    operation: issueToken,
    summary: "A token for inference calls, for an hour",
    status: 201,
  },
  {
    method: "get",
    path: `${ENDPOINT}/retraining-proposals`,
    operation: listRetraining,
    summary: "Wishes for a new version, the newest first",
  },
  {
    method: "post",
    path: `${ENDPOINT}/retraining-proposals`,
    operation: proposeRetraining,
    summary: "Ask for a new version because of a clause",
    status: 201,
  },
  {
    method: "post",
    path: `${ENDPOINT}/retraining-proposals/{id}/close`,
    operation: closeRetraining,
    summary: "Close a proposal with what came of it",
  },
  {
    method: "get",
    path: `${ENDPOINT}/slo`,
    operation: getEndpointSlo,
    summary: "Error budgets, burn rates and the alerts that watch them",
  },
  {
    method: "get",
    path: `${ENDPOINT}/bundle`,
    operation: getEdgeBundle,
    summary: "What an endpoint serves, as a signed bundle for devices",
  },
  {
    method: "get",
    path: `${ENDPOINT}/devices`,
    operation: listDevices,
    summary: "Devices that run bundles of an endpoint, reported against declared",
  },
  {
    method: "post",
    path: `${ENDPOINT}/devices`,
    operation: reportDevice,
    summary: "Say what a device runs",
  },
  {
    method: "get",
    path: `${ENDPOINT}/prometheus-rules`,
    operation: getPrometheusRules,
    summary: "The error budgets as a PrometheusRule",
    answers: "yaml",
  },
];
