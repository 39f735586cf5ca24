import { insertRows } from "@/lib/clickhouse/client";
import { db, inTransaction } from "@/lib/db";
import { recordGolden } from "@/lib/deployments/commands/record-golden";
import { recordObservation } from "@/lib/deployments/commands/record-observation";
import { judgeGolden } from "@/lib/deployments/golden-set";
import { applyPromotion } from "@/lib/governance/commands/apply-promotion";
import { concludePromotion } from "@/lib/governance/commands/conclude-promotion";
import { decidePromotion } from "@/lib/governance/commands/decide-promotion";
import { requestPromotion } from "@/lib/governance/commands/request-promotion";
import { getPromotion } from "@/lib/governance/queries/promotions";
import { type EndpointStatus, endpointStatus } from "@/lib/inference/desired-state";
import { REQUEST_COLUMNS, ROW_COLUMNS } from "@/lib/inference/events";
import { endpoint, makeUseCase, type People, signedContract, version } from "./test-stage";

/** For tests of rollouts: an endpoint whose first version serves, and whose second is rolling out under this plan. */
export const PLAN = {
  shadow: false,
  steps: [
    { percent: 10, minSeconds: 1, minSamples: 100 },
    { percent: 50, minSeconds: 1, minSamples: 100 },
  ],
  comparison: { slowShare: 0.02, failedShare: 0.02, predictionShift: 0.2 },
};

type Traffic = { readonly n: number; readonly slow?: number; readonly failed?: number };

let ids = 0;

export class TestRollout {
  constructor(
    readonly name: string,
    readonly who: People,
    /** Files of a version, for tests that run it; different for each number. */
    private readonly files: (seed: number) => Partial<Parameters<typeof version>[1]> = () => ({}),
  ) {}

  /** Makes everything up to the start of the rollout; the promotion's number. */
  async begin(plan: typeof PLAN = PLAN): Promise<number> {
    const first = await this.prepare(plan);
    await inTransaction((tx) => applyPromotion(tx, first));
    await this.observe();
    await inTransaction((tx) => concludePromotion(tx, first));
    return this.next(0.76);
  }

  /** Use case, endpoint, signed contract, and a first version that is approved; its promotion's number. */
  async prepare(plan: typeof PLAN): Promise<number> {
    await makeUseCase(this.who, this.name);
    await endpoint(this.who, this.name);
    await signedContract(this.who, this.name, (document) => ({ ...document, rollout: plan }));
    return this.approved(0.75);
  }

  /** The next version, approved and taken up by the worker; its promotion's number. */
  async next(auc: number): Promise<number> {
    const id = await this.approved(auc);
    await inTransaction((tx) => applyPromotion(tx, id));
    return id;
  }

  private async approved(auc: number): Promise<number> {
    const number = await version(this.who, { model: this.name, auc, ...this.files(Math.round(auc * 100)) });
    const subject = { endpoint: this.name, model: this.name, version: number };
    const { id } = await requestPromotion.call(this.who.scientist, { ...subject, comment: "next" });
    for (const by of [this.who.validator, this.who.governance]) {
      const { inputsDigest } = await getPromotion.call(by, { id });
      await decidePromotion.call(by, { id, decision: "approve", comment: "seen", inputsDigest });
    }
    return id;
  }

  async row() {
    const include = { serving: true, warm: true, canary: true } as const;
    const row = await db().endpoint.findUnique({ where: { name: this.name }, include });
    if (!row) throw new Error(`there is no endpoint ${this.name}`);
    return row;
  }

  async rollout() {
    const where = { endpoint: { name: this.name } };
    const row = await db().rollout.findFirst({ where, orderBy: { startedAt: "desc" }, include: { events: true } });
    if (!row) throw new Error(`there is no rollout on ${this.name}`);
    return row;
  }

  /** The target reports that it does what is wanted, or this. */
  async observe(change: Partial<EndpointStatus> = {}): Promise<void> {
    const { generation, serving, warm, canary, canaryPercent: percent, canaryShadow: shadow } = await this.row();
    const beside = canary && { revision: canary.name, state: "ready", reason: null, percent, shadow };
    const status = endpointStatus.parse({
      ...{ name: this.name, generation, state: "ready", reason: null, url: "http://127.0.0.1:9100", pid: 1 },
      ...{ serving: serving?.name ?? null, warm: warm?.name ?? null, refused: null, canary: beside },
      ...{ restarts: 0, mode: "inline", eventsDropped: 0, spoolBytes: 0, ...change },
    });
    await inTransaction((tx) => recordObservation(tx, status, new Date()));
  }

  /** The candidate answers the golden set as its model does, or not. */
  async golden(answered = 0.5): Promise<boolean> {
    const { id } = await this.rollout();
    return inTransaction((tx) => recordGolden(tx, id, judgeGolden([{ expected: 0.5, answered }])));
  }

  /** Requests of the stage that has begun, with their scores. */
  async traffic(of: { readonly candidate?: Traffic; readonly incumbent?: Traffic }): Promise<void> {
    const { stageSince, state } = await this.rollout();
    const at = (stageSince ?? new Date()).getTime() + 1;
    const [r1, r2] = [`${this.name}-r1`, `${this.name}-r2`];
    const source = state === "shadow" ? "shadow" : "live";
    const sent = [...this.requests(r2, of.candidate, at, source), ...this.requests(r1, of.incumbent, at, "live")];
    await insertRows("inference_requests", REQUEST_COLUMNS, sent);
    const rows = sent.filter((request) => request[8] === "model").map((request, i) => scored(request, (i % 10) / 10));
    await insertRows("inference_rows", ROW_COLUMNS, rows);
  }

  private requests(revision: string, traffic: Traffic | undefined, at: number, source: string): unknown[][] {
    const { n, slow = 0, failed = 0 } = traffic ?? { n: 0 };
    return Array.from({ length: n }, (_, i) => {
      const [us, outcome] = [i < slow ? 900_000 : 1000, i >= n - failed ? "error" : "model"];
      return [this.name, revision, source, at, "client", `t${ids++}`, us, 1, outcome, ""];
    });
  }
}

function scored([name, revision, source, at, client, id]: readonly unknown[], score: number): unknown[] {
  return [
    ...[name, revision, source, client, id, 0, at, at, true, false],
    ...[[1, 2], [], [], score, score >= 0.5 ? 1 : 0, 0, [], []],
  ];
}
