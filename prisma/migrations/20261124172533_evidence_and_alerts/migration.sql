-- CreateTable
CREATE TABLE "evidence_run" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "kind" TEXT NOT NULL,
    "model_version_id" UUID NOT NULL,
    "contract_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "reason" TEXT,
    "progress" JSONB,
    "evidence_id" UUID,
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "heartbeat_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "evidence_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "baseline" (
    "id" SERIAL NOT NULL,
    "model_version_id" UUID NOT NULL,
    "endpoint_id" UUID,
    "state" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "digest" TEXT NOT NULL,
    "window_from" TIMESTAMPTZ(3),
    "window_to" TIMESTAMPTZ(3),
    "reason" TEXT,
    "proposed_by" TEXT NOT NULL,
    "proposed_by_id" UUID,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "baseline_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "fingerprint" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'firing',
    "endpoint_id" UUID,
    "clause_id" TEXT,
    "contract_id" UUID,
    "breach_id" UUID,
    "title" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "annotations" JSONB NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),
    "acknowledged_by" TEXT,
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledgement" TEXT,

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_channel" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "secret" TEXT,
    "severity" TEXT NOT NULL DEFAULT 'ticket',
    "endpoint_id" UUID,
    "owner" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alert_channel_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_delivery" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "alert_id" UUID NOT NULL,
    "channel_id" UUID NOT NULL,
    "event" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_status" INTEGER,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "delivered_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_silence" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "endpoint_id" UUID NOT NULL,
    "clause_id" TEXT,
    "reason" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "ended_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_silence_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "evidence_run_state_created_at_idx" ON "evidence_run"("state", "created_at");

-- CreateIndex
CREATE INDEX "evidence_run_model_version_id_kind_created_at_idx" ON "evidence_run"("model_version_id", "kind", "created_at");

-- CreateIndex
CREATE INDEX "baseline_model_version_id_endpoint_id_state_idx" ON "baseline"("model_version_id", "endpoint_id", "state");

-- CreateIndex
CREATE INDEX "alert_state_started_at_idx" ON "alert"("state", "started_at");

-- CreateIndex
CREATE INDEX "alert_endpoint_id_started_at_idx" ON "alert"("endpoint_id", "started_at");

-- CreateIndex
CREATE UNIQUE INDEX "alert_channel_name_key" ON "alert_channel"("name");

-- CreateIndex
CREATE INDEX "alert_delivery_state_next_attempt_at_idx" ON "alert_delivery"("state", "next_attempt_at");

-- CreateIndex
CREATE UNIQUE INDEX "alert_delivery_alert_id_channel_id_event_key" ON "alert_delivery"("alert_id", "channel_id", "event");

-- CreateIndex
CREATE INDEX "alert_silence_endpoint_id_ends_at_idx" ON "alert_silence"("endpoint_id", "ends_at");

-- AddForeignKey
ALTER TABLE "evidence_run" ADD CONSTRAINT "evidence_run_model_version_id_fkey" FOREIGN KEY ("model_version_id") REFERENCES "model_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evidence_run" ADD CONSTRAINT "evidence_run_contract_id_fkey" FOREIGN KEY ("contract_id") REFERENCES "contract"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "baseline" ADD CONSTRAINT "baseline_model_version_id_fkey" FOREIGN KEY ("model_version_id") REFERENCES "model_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "baseline" ADD CONSTRAINT "baseline_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert" ADD CONSTRAINT "alert_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_channel" ADD CONSTRAINT "alert_channel_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_delivery" ADD CONSTRAINT "alert_delivery_alert_id_fkey" FOREIGN KEY ("alert_id") REFERENCES "alert"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_delivery" ADD CONSTRAINT "alert_delivery_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "alert_channel"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_silence" ADD CONSTRAINT "alert_silence_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The second line: what the commands promise, the database holds.
ALTER TABLE baseline ADD CONSTRAINT baseline_state CHECK (state IN ('proposed', 'accepted', 'rejected')),
  ADD CONSTRAINT baseline_digest CHECK (digest ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT baseline_proposed CHECK (state <> 'proposed' OR (endpoint_id IS NOT NULL AND reason IS NOT NULL)),
  ADD CONSTRAINT baseline_two_persons CHECK (decided_by IS NULL OR decided_by <> proposed_by);
CREATE UNIQUE INDEX baseline_one_per_version ON baseline (model_version_id) WHERE endpoint_id IS NULL;
CREATE UNIQUE INDEX baseline_one_proposed ON baseline (endpoint_id) WHERE state = 'proposed';

ALTER TABLE evidence_run ADD CONSTRAINT evidence_run_kind CHECK (kind IN ('load', 'drill')),
  ADD CONSTRAINT evidence_run_state CHECK (state IN ('queued', 'running', 'passed', 'failed', 'cancelled'));
CREATE UNIQUE INDEX evidence_run_one_open ON evidence_run (model_version_id, contract_id, kind) WHERE state IN ('queued', 'running');

ALTER TABLE alert ADD CONSTRAINT alert_kind CHECK (kind IN ('clause_breach', 'burn_rate', 'endpoint_down', 'foreign')),
  ADD CONSTRAINT alert_severity CHECK (severity IN ('page', 'ticket')),
  ADD CONSTRAINT alert_state CHECK (state IN ('firing', 'resolved') AND (state = 'resolved') = (resolved_at IS NOT NULL));
CREATE UNIQUE INDEX alert_one_firing ON alert (source, fingerprint) WHERE state = 'firing';

ALTER TABLE alert_channel ADD CONSTRAINT alert_channel_kind CHECK (kind IN ('webhook', 'slack', 'pagerduty', 'alertmanager')),
  ADD CONSTRAINT alert_channel_severity CHECK (severity IN ('page', 'ticket'));
ALTER TABLE alert_delivery ADD CONSTRAINT alert_delivery_event CHECK (event IN ('firing', 'resolved', 'acknowledged')),
  ADD CONSTRAINT alert_delivery_state CHECK (state IN ('pending', 'delivered', 'failed', 'silenced'));
ALTER TABLE alert_silence ADD CONSTRAINT alert_silence_order CHECK (ends_at > starts_at);

-- What a baseline says is fixed when it is made; only the decision on a proposed one is still to come.
CREATE FUNCTION guard_baseline() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF (to_jsonb(NEW) - '{state,decided_by,decided_at}'::text[]) IS DISTINCT FROM (to_jsonb(OLD) - '{state,decided_by,decided_at}'::text[])
    OR OLD.state <> 'proposed' THEN
    RAISE EXCEPTION 'a baseline does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE ON baseline FOR EACH ROW EXECUTE FUNCTION guard_baseline();
CREATE TRIGGER kept BEFORE DELETE ON baseline FOR EACH ROW EXECUTE FUNCTION refuse_change();
