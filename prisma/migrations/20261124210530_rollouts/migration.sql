-- AlterTable
ALTER TABLE "endpoint" ADD COLUMN     "canary_id" UUID,
ADD COLUMN     "canary_percent" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "canary_shadow" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "rollout" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "promotion_id" INTEGER NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "candidate_id" UUID NOT NULL,
    "incumbent_id" UUID NOT NULL,
    "plan" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'checking',
    "step" INTEGER NOT NULL DEFAULT 0,
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "extra_seconds" INTEGER NOT NULL DEFAULT 0,
    "extra_samples" INTEGER NOT NULL DEFAULT 0,
    "stage_since" TIMESTAMPTZ(3),
    "golden" JSONB,
    "seen" JSONB,
    "seen_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),
    "reason" TEXT,
    "ended_by" TEXT,

    CONSTRAINT "rollout_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rollout_event" (
    "id" BIGSERIAL NOT NULL,
    "rollout_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "percent" INTEGER NOT NULL,
    "samples" INTEGER NOT NULL DEFAULT 0,
    "guards" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,

    CONSTRAINT "rollout_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rollout_switch" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "reason" TEXT,
    "changed_by" TEXT,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rollout_switch_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "rollout_promotion_id_key" ON "rollout"("promotion_id");

-- CreateIndex
CREATE INDEX "rollout_endpoint_id_started_at_idx" ON "rollout"("endpoint_id", "started_at");

-- CreateIndex
CREATE INDEX "rollout_event_rollout_id_id_idx" ON "rollout_event"("rollout_id", "id");

-- AddForeignKey
ALTER TABLE "endpoint" ADD CONSTRAINT "endpoint_canary_id_fkey" FOREIGN KEY ("canary_id") REFERENCES "revision"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollout" ADD CONSTRAINT "rollout_promotion_id_fkey" FOREIGN KEY ("promotion_id") REFERENCES "promotion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollout" ADD CONSTRAINT "rollout_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollout" ADD CONSTRAINT "rollout_candidate_id_fkey" FOREIGN KEY ("candidate_id") REFERENCES "revision"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollout" ADD CONSTRAINT "rollout_incumbent_id_fkey" FOREIGN KEY ("incumbent_id") REFERENCES "revision"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollout_event" ADD CONSTRAINT "rollout_event_rollout_id_fkey" FOREIGN KEY ("rollout_id") REFERENCES "rollout"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

INSERT INTO rollout_switch (id) VALUES (1);
ALTER TABLE rollout_switch ADD CONSTRAINT rollout_switch_one CHECK (id = 1 AND (NOT paused OR (reason IS NOT NULL AND changed_by IS NOT NULL)));

-- A promotion may roll out before it is applied, and be rolled back.
ALTER TABLE promotion DROP CONSTRAINT promotion_state_check;
ALTER TABLE promotion ADD CONSTRAINT promotion_state_check CHECK (state IN (
  'in_review', 'approved', 'rolling_out', 'applying', 'active', 'rejected', 'withdrawn', 'failed', 'superseded', 'rolled_back'));
DROP INDEX promotion_one_open;
CREATE UNIQUE INDEX promotion_one_open ON promotion (endpoint_id) WHERE state IN ('in_review', 'approved', 'rolling_out', 'applying');

ALTER TABLE rollout
  ADD CONSTRAINT rollout_state CHECK (state IN ('checking', 'shadow', 'stepping', 'completed', 'rolled_back', 'stopped')),
  ADD CONSTRAINT rollout_end CHECK ((state IN ('completed', 'rolled_back', 'stopped')) = (ended_at IS NOT NULL AND reason IS NOT NULL AND ended_by IS NOT NULL)),
  ADD CONSTRAINT rollout_step CHECK (step >= 0 AND step < jsonb_array_length(plan -> 'steps') AND (state <> 'checking' OR step = 0)),
  ADD CONSTRAINT rollout_extra CHECK (extra_seconds >= 0 AND extra_samples >= 0),
  ADD CONSTRAINT rollout_two CHECK (candidate_id <> incumbent_id);
CREATE UNIQUE INDEX rollout_one_open ON rollout (endpoint_id) WHERE state IN ('checking', 'shadow', 'stepping');
ALTER TABLE rollout_event ADD CONSTRAINT rollout_event_kind CHECK (kind IN (
  'started', 'golden', 'advanced', 'paused', 'resumed', 'extended', 'completed', 'rolled_back', 'stopped'));
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON rollout_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE endpoint
  ADD CONSTRAINT endpoint_canary CHECK (canary_percent BETWEEN 0 AND 99 AND (canary_id IS NOT NULL OR (canary_percent = 0 AND NOT canary_shadow))),
  ADD CONSTRAINT endpoint_canary_other CHECK (canary_id IS NULL OR (serving_id IS NOT NULL AND canary_id <> serving_id));

-- The same as before, with the two states of a rollout.
CREATE OR REPLACE FUNCTION guard_promotion() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'promotion %: DELETE refused', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (NEW.id, NEW.endpoint_id, NEW.model_version_id, NEW.requested_by, NEW.requested_by_id, NEW.comment, NEW.created_at)
     IS DISTINCT FROM (OLD.id, OLD.endpoint_id, OLD.model_version_id, OLD.requested_by, OLD.requested_by_id, OLD.comment, OLD.created_at) THEN
    RAISE EXCEPTION 'promotion %: what was requested cannot be changed', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (OLD.state, NEW.state) NOT IN (
    ('in_review', 'in_review'), ('in_review', 'approved'), ('in_review', 'rejected'), ('in_review', 'withdrawn'),
    ('approved', 'rolling_out'), ('approved', 'applying'), ('approved', 'in_review'), ('approved', 'withdrawn'),
    ('rolling_out', 'applying'), ('rolling_out', 'rolled_back'),
    ('applying', 'active'), ('applying', 'failed'), ('active', 'superseded')
  ) THEN
    RAISE EXCEPTION 'promotion %: % cannot become %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.state <> 'in_review' AND NEW.state <> 'in_review'
     AND (NEW.inputs, NEW.inputs_digest, NEW.contract_id) IS DISTINCT FROM (OLD.inputs, OLD.inputs_digest, OLD.contract_id) THEN
    RAISE EXCEPTION 'promotion %: what was decided on cannot be changed', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.state IN ('approved', 'rolling_out', 'applying') AND NOT EXISTS (
    SELECT FROM public.promotion_decision a JOIN public.promotion_decision b
      ON b.promotion_id = a.promotion_id AND b.slot = 'governance' AND b.decision = 'approve'
      AND b.inputs_digest = a.inputs_digest AND b.user_id <> a.user_id
    WHERE a.promotion_id = NEW.id AND a.slot = 'validator' AND a.decision = 'approve' AND a.inputs_digest = NEW.inputs_digest
  ) THEN
    RAISE EXCEPTION 'promotion %: two approvals over its inputs are needed', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.state IN ('rolling_out', 'applying') AND NOT EXISTS (
    SELECT FROM public.revision r WHERE r.id = NEW.revision_id
      AND (r.endpoint_id, r.model_version_id, r.contract_id) = (NEW.endpoint_id, NEW.model_version_id, NEW.contract_id)
  ) THEN
    RAISE EXCEPTION 'promotion %: it is applied as a revision of its own', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.state = 'rolling_out' AND (
    NEW.revision_id IS DISTINCT FROM OLD.revision_id
    OR NOT EXISTS (SELECT FROM public.rollout r WHERE r.promotion_id = OLD.id AND CASE NEW.state
         WHEN 'applying' THEN r.state = 'completed' ELSE r.state IN ('rolled_back', 'stopped') END)
  ) THEN
    RAISE EXCEPTION 'promotion %: it is % only when its rollout says so', OLD.id, NEW.state USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;

-- A rollout is one of an approved promotion, along the plan of the contract that was signed. It goes forward one stage at a time, after the
-- golden set, and never while it is paused; it may end at any moment, and stays ended. The steps are those of lib/deployments/rollout.ts.
CREATE FUNCTION guard_rollout() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'rollout of promotion %: DELETE refused', OLD.promotion_id USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'checking' OR NEW.golden IS NOT NULL OR NOT EXISTS (
      SELECT FROM public.promotion p
        JOIN public.revision r ON r.id = p.revision_id
        JOIN public.contract c ON c.id = r.contract_id
        JOIN public.endpoint e ON e.id = p.endpoint_id
      WHERE p.id = NEW.promotion_id AND p.state = 'rolling_out' AND r.id = NEW.candidate_id AND e.id = NEW.endpoint_id
        AND e.serving_id = NEW.incumbent_id AND c.document -> 'rollout' = NEW.plan
    ) THEN
      RAISE EXCEPTION 'rollout of promotion %: needs an approved promotion, its revision, what serves, and the signed plan', NEW.promotion_id
        USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.promotion_id, NEW.endpoint_id, NEW.candidate_id, NEW.incumbent_id, NEW.plan, NEW.started_at)
     IS DISTINCT FROM (OLD.id, OLD.promotion_id, OLD.endpoint_id, OLD.candidate_id, OLD.incumbent_id, OLD.plan, OLD.started_at)
     OR OLD.state IN ('completed', 'rolled_back', 'stopped')
     OR (OLD.golden IS NOT NULL AND NEW.golden IS DISTINCT FROM OLD.golden) THEN
    RAISE EXCEPTION 'rollout of promotion %: what it is, and how it ended, cannot be changed', OLD.promotion_id USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (NEW.state, NEW.step) IS NOT DISTINCT FROM (OLD.state, OLD.step) OR NEW.state IN ('rolled_back', 'stopped') THEN
    RETURN NEW;
  END IF;
  IF (OLD.state, NEW.state) NOT IN (
       ('checking', 'shadow'), ('checking', 'stepping'), ('shadow', 'stepping'), ('stepping', 'stepping'), ('stepping', 'completed'))
     OR NEW.step <> (CASE WHEN OLD.state = 'stepping' AND NEW.state = 'stepping' THEN OLD.step + 1 ELSE OLD.step END)
     OR (NEW.state = 'shadow' AND OLD.plan ->> 'shadow' <> 'true')
     OR (NEW.state = 'completed' AND OLD.step <> jsonb_array_length(OLD.plan -> 'steps') - 1)
     OR (OLD.golden ->> 'passed') IS DISTINCT FROM 'true'
     OR OLD.paused OR (SELECT s.paused FROM public.rollout_switch s WHERE s.id = 1) THEN
    RAISE EXCEPTION 'rollout of promotion %: from % step % to % step % is no step forward that it may take', OLD.promotion_id,
      OLD.state, OLD.step, NEW.state, NEW.step USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON rollout FOR EACH ROW EXECUTE FUNCTION guard_rollout();

-- Only the stage of its own rollout gives a candidate more than it had; less is always allowed.
CREATE FUNCTION guard_canary() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NEW.canary_id IS NULL THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.canary_id = OLD.canary_id AND NEW.canary_percent <= OLD.canary_percent AND NEW.canary_shadow <= OLD.canary_shadow THEN
    RETURN NEW;
  END IF;
  IF NOT EXISTS (
    SELECT FROM public.rollout r JOIN public.promotion p ON p.id = r.promotion_id
    WHERE r.endpoint_id = NEW.id AND r.candidate_id = NEW.canary_id AND r.incumbent_id = NEW.serving_id AND p.state = 'rolling_out'
      AND CASE r.state
        WHEN 'checking' THEN NEW.canary_percent = 0 AND NOT NEW.canary_shadow
        WHEN 'shadow' THEN NEW.canary_percent = 0
        WHEN 'stepping' THEN NEW.canary_percent <= (r.plan -> 'steps' -> r.step ->> 'percent')::integer AND NOT NEW.canary_shadow
        ELSE false END
  ) THEN
    RAISE EXCEPTION 'endpoint %: only a stage of its rollout gives a candidate a share of % per cent', NEW.name, NEW.canary_percent
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER canary BEFORE INSERT OR UPDATE OF canary_id, canary_percent, canary_shadow, serving_id ON endpoint FOR EACH ROW EXECUTE FUNCTION guard_canary();

CREATE OR REPLACE FUNCTION guard_generation() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NEW.generation < OLD.generation OR (NEW.generation = OLD.generation
     AND (NEW.serving_id, NEW.warm_id, NEW.canary_id, NEW.canary_percent, NEW.canary_shadow)
     IS DISTINCT FROM (OLD.serving_id, OLD.warm_id, OLD.canary_id, OLD.canary_percent, OLD.canary_shadow)) THEN
    RAISE EXCEPTION 'endpoint %: the generation must grow with every change', OLD.name USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;

-- An endpoint answers with revisions of its own, and a candidate serves only when its rollout was completed.
CREATE OR REPLACE FUNCTION guard_serving() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF EXISTS (SELECT FROM public.revision r WHERE r.id IN (NEW.serving_id, NEW.warm_id, NEW.canary_id) AND r.endpoint_id <> NEW.id) THEN
    RAISE EXCEPTION 'endpoint %: a revision of another endpoint', NEW.name USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF EXISTS (SELECT FROM public.rollout r WHERE r.candidate_id = NEW.serving_id AND r.state <> 'completed') THEN
    RAISE EXCEPTION 'endpoint %: a candidate serves only when its rollout was completed', NEW.name USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER own_revision ON endpoint;
CREATE TRIGGER own_revision BEFORE INSERT OR UPDATE OF serving_id, warm_id, canary_id ON endpoint FOR EACH ROW EXECUTE FUNCTION guard_serving();
