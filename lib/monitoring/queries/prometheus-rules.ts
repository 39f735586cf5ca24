import "server-only";
import { contractDocument } from "@/lib/contracts/document";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { prometheusRule } from "@/lib/monitoring/prometheus-rules";
import { getEndpointSloInput, prometheusRules } from "@/lib/monitoring/slo-view";
import { operation } from "@/lib/operation";

/**
 * The error budgets of the contract in force as a PrometheusRule over the figures of the local runtime. `precondition` where nothing
 * serves, or in a cluster: its rules count what its gateway counts, and are among its manifests.
 */
export const getPrometheusRules = operation({
  name: "endpoint.prometheus_rules",
  permission: "ledger:read",
  input: getEndpointSloInput,
  output: prometheusRules,
  run: async ({ input }) => {
    const row = await db().endpoint.findUnique({
      where: { name: input.name },
      include: { useCase: { select: { slug: true } }, serving: { select: { contract: true } } },
    });
    if (!row) throw new AppError("not_found", `There is no endpoint ${input.name}.`);
    if (row.target === "kubernetes") {
      const words = `The alerts of ${row.name} are applied in its cluster: proviso export ${row.name} shows them.`;
      throw new AppError("precondition", words);
    }
    const contract = row.serving?.contract;
    if (!contract) throw new AppError("precondition", `Nothing serves on ${row.name}, so nothing is promised there.`);
    const { clauses } = contractDocument.parse(contract.document);
    const head = { endpoint: row.name, useCase: row.useCase.slug, contract: contract.number, digest: contract.digest };
    return { endpoint: row.name, yaml: prometheusRule({ ...head, clauses }) };
  },
});
