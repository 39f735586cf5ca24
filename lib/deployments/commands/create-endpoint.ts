import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction, type Tx } from "@/lib/db";
import { ENDPOINT_COLUMNS, toEndpoint } from "@/lib/deployments/endpoint-view";
import { type CreateEndpointInput, createEndpointInput, endpoint } from "@/lib/deployments/schema";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";
import { capabilitiesFor } from "@/lib/serving/capabilities";
import { findClusterCapabilities } from "./find-cluster-capabilities";

/** Names a place where a use case is served. Nothing runs until a promotion to it is approved. */
export const createEndpoint = operation({
  name: "endpoint.create",
  permission: "endpoint:write",
  input: createEndpointInput,
  output: endpoint,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const cluster = await findCluster(tx, input.cluster);
      await refuseTier(tx, input, cluster);
      const useCase = await tx.useCase.findUnique({ where: { slug: input.useCase } });
      if (!useCase) {
        throw new AppError("invalid", `There is no use case ${input.useCase}.`, { useCase: ["no such use case"] });
      }
      // One creation at a time, so that the refusal below is never a constraint violation.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('endpoint.create'))`;
      await refuseTaken(tx, input, useCase.id);
      const { name, environment, tier, target, clock } = input;
      const row = await tx.endpoint.create({
        data: {
          ...{ name, environment, tier, target, clock, useCaseId: useCase.id, createdBy: principal.email },
          clusterId: cluster?.id ?? null,
        },
        include: ENDPOINT_COLUMNS,
      });
      await recordAudit(tx, {
        actor: principal,
        action: "endpoint.create",
        outcome: "done",
        subjectType: "endpoint",
        subject: name,
        after: {
          ...{ useCase: useCase.slug, environment, tier, target, clock },
          ...(cluster && { cluster: cluster.name }),
        },
      });
      return toEndpoint(row, new Date());
    }),
});

type Cluster = { readonly id: string; readonly name: string };

/** Held until the end: a cluster is not forgotten while an endpoint is made on it. */
async function findCluster(tx: Tx, name: string | undefined): Promise<Cluster | null> {
  if (name === undefined) return null;
  const [found] = await tx.$queryRaw<Cluster[]>`SELECT id::text, name FROM cluster WHERE name = ${name} FOR SHARE`;
  if (found) return found;
  throw new AppError("invalid", `There is no cluster ${name}.`, { cluster: ["no such cluster"] });
}

/** A cluster that nobody could look at yet offers nothing. */
async function refuseTier(tx: Tx, { tier, target }: CreateEndpointInput, cluster: Cluster | null): Promise<void> {
  const found = cluster ? await findClusterCapabilities(tx, cluster.id) : [];
  if (cluster && found.length === 0) {
    const message = `Nobody could look at the cluster ${cluster.name} yet, so what it offers is not known: see its page.`;
    throw new AppError("precondition", message, { cluster: ["not looked at yet"] });
  }
  const { tiers } = capabilitiesFor(target, found);
  if (tiers.includes(tier)) return;
  const where = cluster ? `cluster ${cluster.name}` : `target ${target}`;
  const message = `The ${where} has no ${tier} tier, only ${tiers.join(", ")}.`;
  throw new AppError("invalid", message, { tier: [`choose ${tiers.join(" or ")}`] });
}

async function refuseTaken(tx: Tx, input: CreateEndpointInput, useCaseId: string): Promise<void> {
  const sameName = await tx.endpoint.findUnique({ where: { name: input.name }, select: { id: true } });
  if (sameName) {
    throw new AppError("conflict", `There is an endpoint ${input.name} already.`, { name: ["this name is taken"] });
  }
  const same = await tx.endpoint.findUnique({
    where: { useCaseId_environment: { useCaseId, environment: input.environment } },
    select: { name: true },
  });
  if (same) {
    const message = `${input.useCase} has an endpoint in ${input.environment} already: ${same.name}.`;
    throw new AppError("conflict", message, { environment: [`taken by ${same.name}`] });
  }
}
