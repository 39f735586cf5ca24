import { listAuditEvents } from "@/lib/audit/queries";
import { getMe } from "@/lib/auth/queries/sessions";
import { createUseCase } from "@/lib/contracts/commands/create-use-case";
import { draftContract } from "@/lib/contracts/commands/draft-contract";
import { updateDraft } from "@/lib/contracts/commands/update-draft";
import { withdrawContract } from "@/lib/contracts/commands/withdraw-contract";
import { getUseCase, listUseCases } from "@/lib/contracts/queries";
import { checkCluster } from "@/lib/deployments/commands/check-cluster";
import { createCluster } from "@/lib/deployments/commands/create-cluster";
import { removeCluster } from "@/lib/deployments/commands/remove-cluster";
import { updateCluster } from "@/lib/deployments/commands/update-cluster";
import { getCluster, listClusters } from "@/lib/deployments/queries/clusters";
import { cancelEvidenceRun } from "@/lib/governance/commands/cancel-evidence-run";
import { decidePromotion } from "@/lib/governance/commands/decide-promotion";
import { importLoad } from "@/lib/governance/commands/import-load";
import { requestEvidenceRun } from "@/lib/governance/commands/request-evidence-run";
import { requestPromotion } from "@/lib/governance/commands/request-promotion";
import { signContract } from "@/lib/governance/commands/sign-contract";
import { submitContract } from "@/lib/governance/commands/submit-contract";
import { withdrawPromotion } from "@/lib/governance/commands/withdraw-promotion";
import { getFeasibility } from "@/lib/governance/queries/contract-feasibility";
import { planContract } from "@/lib/governance/queries/contract-plan";
import { getContract, listContracts } from "@/lib/governance/queries/contracts";
import { getEvidenceRun, listEvidence } from "@/lib/governance/queries/evidence-runs";
import { getPromotion, listPromotions } from "@/lib/governance/queries/promotions";
import { getVersionTier } from "@/lib/governance/queries/version-tier";
import { acknowledgeAlert } from "@/lib/monitoring/commands/acknowledge-alert";
import { createChannel } from "@/lib/monitoring/commands/create-channel";
import { createSilence } from "@/lib/monitoring/commands/create-silence";
import { endSilence } from "@/lib/monitoring/commands/end-silence";
import { ingestAlerts } from "@/lib/monitoring/commands/ingest-alerts";
import { recordGroundTruth } from "@/lib/monitoring/commands/record-ground-truth";
import { removeChannel } from "@/lib/monitoring/commands/remove-channel";
import { testChannel } from "@/lib/monitoring/commands/test-channel";
import { updateChannel } from "@/lib/monitoring/commands/update-channel";
import { listChannels, listSilences } from "@/lib/monitoring/queries/alert-settings";
import { listAlerts, summariseAlerts } from "@/lib/monitoring/queries/alerts";
import { getAlert } from "@/lib/monitoring/queries/incident";
import { getLedger } from "@/lib/monitoring/queries/ledger";
import { groundTruthLine } from "@/lib/monitoring/schema";
import { registerVersion } from "@/lib/registry/commands/register-version";
import { storeArtifact } from "@/lib/registry/commands/store-artifact";
import { readArtifact } from "@/lib/registry/queries/artifacts";
import { getModel, listModels } from "@/lib/registry/queries/models";
import { getVersion, listVersions } from "@/lib/registry/queries/versions";
import { ENDPOINT_OPERATIONS } from "./endpoint-operations";
import type { Described } from "./open-api";
import { ROLLOUT_OPERATIONS } from "./rollout-operations";

const USE_CASES = "/api/v1/use-cases";
const CONTRACT = `${USE_CASES}/{slug}/contracts/{n}`;
const CLUSTERS = "/api/v1/clusters";
const PROMOTION = "/api/v1/promotions/{id}";
const VERSIONS = "/api/v1/models/{name}/versions";
const EVIDENCE_RUNS = "/api/v1/evidence-runs";
const ALERTS = "/api/v1/alerts";
const CHANNELS = "/api/v1/alert-channels";
const SILENCES = "/api/v1/alert-silences";
const ARTIFACT = "/api/v1/artifacts/{sha256}";

/** The whole HTTP API: a test compares it with the routes. */
export const OPERATIONS: readonly Described[] = [
  { method: "get", path: "/api/v1/me", operation: getMe, summary: "The account of the token" },

  { method: "get", path: USE_CASES, operation: listUseCases, summary: "Use cases" },
  { method: "post", path: USE_CASES, operation: createUseCase, summary: "Create a use case", status: 201 },
  { method: "get", path: `${USE_CASES}/{slug}`, operation: getUseCase, summary: "One use case" },
  {
    method: "get",
    path: `${USE_CASES}/{slug}/ledger`,
    operation: getLedger,
    summary: "Every clause and its state now",
  },
  {
    method: "get",
    path: `${USE_CASES}/{slug}/contracts`,
    operation: listContracts,
    summary: "Versions of the contract",
  },
  {
    method: "post",
    path: `${USE_CASES}/{slug}/contracts`,
    operation: draftContract,
    summary: "A new draft: from a document, an archetype, the signed version or an earlier one",
    status: 201,
  },
  { method: "get", path: CONTRACT, operation: getContract, summary: "One version of the contract" },
  { method: "put", path: CONTRACT, operation: updateDraft, summary: "Replace the document of a draft" },
  { method: "delete", path: CONTRACT, operation: withdrawContract, summary: "Withdraw a version; nothing is deleted" },
  {
    method: "get",
    path: `${CONTRACT}/plan`,
    operation: planContract,
    summary: "What it compiles to, and what that changes",
  },
  {
    method: "get",
    path: `${CONTRACT}/feasibility`,
    operation: getFeasibility,
    summary: "Whether measured load curves show that it can be kept",
  },
  {
    method: "post",
    path: `${CONTRACT}/submit`,
    operation: submitContract,
    summary: "Fix a draft and open it for signatures",
  },
  {
    method: "post",
    path: `${CONTRACT}/signatures`,
    operation: signContract,
    summary: "Sign the digest that was shown",
    status: 201,
  },

  { method: "get", path: "/api/v1/models", operation: listModels, summary: "Registered models" },
  { method: "get", path: "/api/v1/models/{name}", operation: getModel, summary: "One registered model" },
  { method: "get", path: VERSIONS, operation: listVersions, summary: "Versions of a model" },
  {
    method: "post",
    path: VERSIONS,
    operation: registerVersion,
    summary: "Register a version whose files are uploaded; the same content twice is one version",
    status: 202,
  },
  { method: "get", path: `${VERSIONS}/{version}`, operation: getVersion, summary: "One version with its evidence" },
  {
    method: "put",
    path: ARTIFACT,
    operation: storeArtifact,
    summary: "Upload a file under its SHA-256; Content-Length is needed, both are verified",
    status: 201,
    body: "binary",
  },
  {
    method: "get",
    path: ARTIFACT,
    operation: readArtifact,
    summary: "Download a file by its SHA-256",
    answers: "binary",
  },

  { method: "get", path: "/api/v1/promotions", operation: listPromotions, summary: "Promotions" },
  {
    method: "post",
    path: "/api/v1/promotions",
    operation: requestPromotion,
    summary: "Ask that a version serves on an endpoint",
    status: 201,
  },
  {
    method: "post",
    path: EVIDENCE_RUNS,
    operation: requestEvidenceRun,
    summary: "Ask for a load test or a drill of a version under a contract",
    status: 202,
  },
  {
    method: "get",
    path: `${EVIDENCE_RUNS}/{id}`,
    operation: getEvidenceRun,
    summary: "A load test or drill, and its result",
  },
  {
    method: "delete",
    path: `${EVIDENCE_RUNS}/{id}`,
    operation: cancelEvidenceRun,
    summary: "Cancel a load test or drill",
  },
  {
    method: "get",
    path: `${VERSIONS}/{version}/tier`,
    operation: getVersionTier,
    summary: "The tier that it needs to keep a contract",
  },
  {
    method: "get",
    path: `${VERSIONS}/{version}/evidence`,
    operation: listEvidence,
    summary: "Load curves, drills and runs of a version",
  },
  {
    method: "post",
    path: `${VERSIONS}/{version}/evidence`,
    operation: importLoad,
    summary: "Attest a load curve with the report of k6 or perf_analyzer",
    status: 201,
  },
  {
    method: "get",
    path: PROMOTION,
    operation: getPromotion,
    summary: "One promotion with its gate and the digest to decide on",
  },
  {
    method: "post",
    path: `${PROMOTION}/decisions`,
    operation: decidePromotion,
    summary: "Approve or reject over the digest that was shown",
    status: 201,
  },
  { method: "post", path: `${PROMOTION}/withdraw`, operation: withdrawPromotion, summary: "Take a promotion back" },

  ...ENDPOINT_OPERATIONS,
  ...ROLLOUT_OPERATIONS,
  {
    method: "get",
    path: CLUSTERS,
    operation: listClusters,
    summary: "Kubernetes clusters that endpoints can serve on",
  },
  { method: "post", path: CLUSTERS, operation: createCluster, summary: "Register a cluster", status: 201 },
  {
    method: "get",
    path: `${CLUSTERS}/{name}`,
    operation: getCluster,
    summary: "One cluster: what was found there, without its credentials",
  },
  { method: "put", path: `${CLUSTERS}/{name}`, operation: updateCluster, summary: "Change a cluster" },
  {
    method: "delete",
    path: `${CLUSTERS}/{name}`,
    operation: removeCluster,
    summary: "Forget a cluster where nothing serves",
  },
  {
    method: "post",
    path: `${CLUSTERS}/{name}/check`,
    operation: checkCluster,
    summary: "Look at a cluster now",
    status: 202,
  },

  { method: "get", path: ALERTS, operation: listAlerts, summary: "Alerts, the newest first" },
  {
    method: "get",
    path: `${ALERTS}/summary`,
    operation: summariseAlerts,
    summary: "How many fire, and whether anybody would be told",
  },
  {
    method: "post",
    path: `${ALERTS}/alertmanager`,
    operation: ingestAlerts,
    summary: "Alerts of other systems: a receiver for Alertmanager's webhook",
  },
  { method: "get", path: `${ALERTS}/{id}`, operation: getAlert, summary: "One alert with its incident" },
  {
    method: "post",
    path: `${ALERTS}/{id}/acknowledge`,
    operation: acknowledgeAlert,
    summary: "I have it",
  },
  { method: "get", path: CHANNELS, operation: listChannels, summary: "Where alerts are sent" },
  { method: "post", path: CHANNELS, operation: createChannel, summary: "Add a channel", status: 201 },
  { method: "put", path: `${CHANNELS}/{id}`, operation: updateChannel, summary: "Change what is given of a channel" },
  { method: "delete", path: `${CHANNELS}/{id}`, operation: removeChannel, summary: "Send nothing there any more" },
  { method: "post", path: `${CHANNELS}/{id}/test`, operation: testChannel, summary: "Send a test message" },
  { method: "get", path: SILENCES, operation: listSilences, summary: "Silences, the newest first" },
  { method: "post", path: SILENCES, operation: createSilence, summary: "Tell nobody for a while", status: 201 },
  { method: "delete", path: `${SILENCES}/{id}`, operation: endSilence, summary: "End a silence now" },
  {
    method: "post",
    path: "/api/v1/ground-truth",
    operation: recordGroundTruth,
    summary: "Labels, one JSON object per line",
    status: 202,
    body: { ndjson: groundTruthLine },
  },
  {
    method: "get",
    path: "/api/v1/audit/events",
    operation: listAuditEvents,
    summary: "Who did what, the newest first",
  },
];
