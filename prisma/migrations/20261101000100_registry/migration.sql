-- CreateTable
CREATE TABLE "app_user" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "development" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_role" (
    "user_id" UUID NOT NULL,
    "role" TEXT NOT NULL,

    CONSTRAINT "user_role_pkey" PRIMARY KEY ("user_id","role")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "user_id" UUID NOT NULL,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "user_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "use_case" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "team" TEXT NOT NULL,
    "owner_id" UUID NOT NULL,
    "owner_email" TEXT NOT NULL,
    "cost_centre" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "use_case_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contract" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "use_case_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'draft',
    "document" JSONB NOT NULL,
    "digest" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "submitted_at" TIMESTAMPTZ(3),
    "signed_at" TIMESTAMPTZ(3),

    CONSTRAINT "contract_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "endpoint" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "use_case_id" UUID NOT NULL,
    "environment" TEXT NOT NULL,
    "tier" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "clock" TEXT NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "serving_id" UUID,
    "warm_id" UUID,
    "observed" JSONB,
    "observed_at" TIMESTAMPTZ(3),
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "endpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "revision" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "endpoint_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "model_version_id" UUID NOT NULL,
    "contract_id" UUID NOT NULL,
    "spec" JSONB NOT NULL,
    "spec_digest" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "served_at" TIMESTAMPTZ(3),

    CONSTRAINT "revision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contract_signature" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "contract_id" UUID NOT NULL,
    "slot" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "comment" TEXT,
    "signed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contract_signature_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evidence" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "kind" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "payload" JSONB NOT NULL,
    "digest" TEXT NOT NULL,
    "recorded_by" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "evidence_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "promotion" (
    "id" SERIAL NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "model_version_id" UUID NOT NULL,
    "contract_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'in_review',
    "state_reason" TEXT,
    "requested_by" TEXT NOT NULL,
    "requested_by_id" UUID NOT NULL,
    "comment" TEXT NOT NULL,
    "inputs" JSONB NOT NULL,
    "inputs_digest" TEXT NOT NULL,
    "gate" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_at" TIMESTAMPTZ(3),
    "applied_at" TIMESTAMPTZ(3),
    "revision_id" UUID,

    CONSTRAINT "promotion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "promotion_decision" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "promotion_id" INTEGER NOT NULL,
    "slot" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "comment" TEXT NOT NULL,
    "inputs" JSONB NOT NULL,
    "inputs_digest" TEXT NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "promotion_decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "clause_state" (
    "endpoint_id" UUID NOT NULL,
    "clause_id" TEXT NOT NULL,
    "contract_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "value" DOUBLE PRECISION,
    "low" DOUBLE PRECISION,
    "high" DOUBLE PRECISION,
    "n" BIGINT NOT NULL DEFAULT 0,
    "window_from" TIMESTAMPTZ(3),
    "window_to" TIMESTAMPTZ(3),
    "as_of" TIMESTAMPTZ(3),
    "wrong_in_row" INTEGER NOT NULL DEFAULT 0,
    "counted_at" TIMESTAMPTZ(3),
    "evaluated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "clause_state_pkey" PRIMARY KEY ("endpoint_id","clause_id")
);

-- CreateTable
CREATE TABLE "breach" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "endpoint_id" UUID NOT NULL,
    "contract_id" UUID NOT NULL,
    "clause_id" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),
    "opening" JSONB NOT NULL,
    "closing" JSONB,

    CONSTRAINT "breach_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "registered_model" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "registered_model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_version" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "model_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "state_reason" TEXT,
    "digest" TEXT NOT NULL,
    "files" JSONB NOT NULL,
    "schema" JSONB NOT NULL,
    "evaluation" JSONB NOT NULL,
    "dataset" JSONB NOT NULL,
    "code_revision" TEXT NOT NULL,
    "verification" JSONB,
    "registered_by" TEXT NOT NULL,
    "registered_by_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "verified_at" TIMESTAMPTZ(3),

    CONSTRAINT "model_version_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "app_user_email_key" ON "app_user"("email");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token"("hash");

-- CreateIndex
CREATE INDEX "api_token_user_id_idx" ON "api_token"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "use_case_slug_key" ON "use_case"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "contract_use_case_id_number_key" ON "contract"("use_case_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "endpoint_name_key" ON "endpoint"("name");

-- CreateIndex
CREATE UNIQUE INDEX "endpoint_use_case_id_environment_key" ON "endpoint"("use_case_id", "environment");

-- CreateIndex
CREATE UNIQUE INDEX "revision_name_key" ON "revision"("name");

-- CreateIndex
CREATE UNIQUE INDEX "revision_endpoint_id_number_key" ON "revision"("endpoint_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "contract_signature_contract_id_slot_key" ON "contract_signature"("contract_id", "slot");

-- CreateIndex
CREATE UNIQUE INDEX "contract_signature_contract_id_user_id_key" ON "contract_signature"("contract_id", "user_id");

-- CreateIndex
CREATE INDEX "evidence_subject_type_subject_id_kind_recorded_at_idx" ON "evidence"("subject_type", "subject_id", "kind", "recorded_at");

-- CreateIndex
CREATE INDEX "promotion_endpoint_id_state_idx" ON "promotion"("endpoint_id", "state");

-- CreateIndex
CREATE INDEX "promotion_decision_promotion_id_idx" ON "promotion_decision"("promotion_id");

-- CreateIndex
CREATE INDEX "breach_endpoint_id_opened_at_idx" ON "breach"("endpoint_id", "opened_at");

-- CreateIndex
CREATE UNIQUE INDEX "registered_model_name_key" ON "registered_model"("name");

-- CreateIndex
CREATE INDEX "model_version_state_idx" ON "model_version"("state");

-- CreateIndex
CREATE UNIQUE INDEX "model_version_model_id_number_key" ON "model_version"("model_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "model_version_model_id_digest_key" ON "model_version"("model_id", "digest");

-- AddForeignKey
ALTER TABLE "user_role" ADD CONSTRAINT "user_role_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contract" ADD CONSTRAINT "contract_use_case_id_fkey" FOREIGN KEY ("use_case_id") REFERENCES "use_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "endpoint" ADD CONSTRAINT "endpoint_use_case_id_fkey" FOREIGN KEY ("use_case_id") REFERENCES "use_case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "endpoint" ADD CONSTRAINT "endpoint_serving_id_fkey" FOREIGN KEY ("serving_id") REFERENCES "revision"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "endpoint" ADD CONSTRAINT "endpoint_warm_id_fkey" FOREIGN KEY ("warm_id") REFERENCES "revision"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revision" ADD CONSTRAINT "revision_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revision" ADD CONSTRAINT "revision_model_version_id_fkey" FOREIGN KEY ("model_version_id") REFERENCES "model_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revision" ADD CONSTRAINT "revision_contract_id_fkey" FOREIGN KEY ("contract_id") REFERENCES "contract"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contract_signature" ADD CONSTRAINT "contract_signature_contract_id_fkey" FOREIGN KEY ("contract_id") REFERENCES "contract"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "promotion" ADD CONSTRAINT "promotion_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "promotion" ADD CONSTRAINT "promotion_model_version_id_fkey" FOREIGN KEY ("model_version_id") REFERENCES "model_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "promotion" ADD CONSTRAINT "promotion_contract_id_fkey" FOREIGN KEY ("contract_id") REFERENCES "contract"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "promotion" ADD CONSTRAINT "promotion_revision_id_fkey" FOREIGN KEY ("revision_id") REFERENCES "revision"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "promotion_decision" ADD CONSTRAINT "promotion_decision_promotion_id_fkey" FOREIGN KEY ("promotion_id") REFERENCES "promotion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clause_state" ADD CONSTRAINT "clause_state_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "breach" ADD CONSTRAINT "breach_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "registered_model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma does not say: closed sets, and the database as the second line of every decision.
ALTER TABLE app_user ADD CHECK (kind IN ('person', 'service')), ADD CHECK (email = lower(email));
ALTER TABLE user_role ADD CHECK (role IN ('scientist', 'owner', 'sre', 'validator', 'governance', 'finance', 'auditor', 'admin', 'ci'));
ALTER TABLE contract
  ADD CHECK (state IN ('draft', 'submitted', 'signed', 'withdrawn')),
  ADD CHECK (number > 0),
  ADD CHECK (digest ~ '^[0-9a-f]{64}$'),
  ADD CHECK (state IN ('draft', 'withdrawn') OR digest IS NOT NULL),
  ADD CHECK ((state = 'signed') = (signed_at IS NOT NULL));
-- One version of a contract is worked on at a time.
CREATE UNIQUE INDEX contract_one_open ON contract (use_case_id) WHERE state IN ('draft', 'submitted');
ALTER TABLE contract_signature ADD CHECK (slot IN ('owner', 'sre', 'governance'));
ALTER TABLE model_version ADD CHECK (state IN ('pending', 'ready', 'failed')), ADD CHECK (number > 0), ADD CHECK (digest ~ '^[0-9a-f]{64}$');
ALTER TABLE endpoint
  ADD CHECK (environment IN ('staging', 'production')),
  ADD CHECK (tier IN ('cpu', 'gpu', 'edge')),
  ADD CHECK (target IN ('local', 'kubernetes')),
  ADD CHECK (clock IN ('wall', 'supplied')),
  ADD CHECK (name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$');
ALTER TABLE promotion ADD CHECK (state IN ('in_review', 'approved', 'applying', 'active', 'rejected', 'withdrawn', 'failed', 'superseded'));
CREATE UNIQUE INDEX promotion_one_open ON promotion (endpoint_id) WHERE state IN ('in_review', 'approved', 'applying');
ALTER TABLE promotion_decision ADD CHECK (slot IN ('validator', 'governance')), ADD CHECK (decision IN ('approve', 'reject'));
ALTER TABLE clause_state ADD CHECK (state IN ('met', 'at_risk', 'breached', 'unproven'));
CREATE UNIQUE INDEX breach_one_open ON breach (endpoint_id, clause_id) WHERE closed_at IS NULL;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON contract_signature FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON promotion_decision FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON evidence FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A contract is fixed from the moment it is submitted; only its state may move on, and never after it is signed.
CREATE FUNCTION guard_contract() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state IN ('signed', 'withdrawn') THEN
    RAISE EXCEPTION 'contract %: % of a % contract refused', OLD.number, TG_OP, OLD.state USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.state = 'submitted' AND (NEW.document, NEW.digest, NEW.number, NEW.use_case_id, NEW.revision)
     IS DISTINCT FROM (OLD.document, OLD.digest, OLD.number, OLD.use_case_id, OLD.revision) THEN
    RAISE EXCEPTION 'contract %: a submitted contract cannot be edited', OLD.number USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.state = 'signed' AND (
    OLD.state <> 'submitted'
    OR (SELECT count(DISTINCT s.user_id) FROM public.contract_signature s WHERE s.contract_id = OLD.id AND s.digest = OLD.digest) <> 3
  ) THEN
    RAISE EXCEPTION 'contract %: three signatures over its digest are needed', OLD.number USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON contract FOR EACH ROW EXECUTE FUNCTION guard_contract();

CREATE FUNCTION guard_signature() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE c record;
BEGIN
  SELECT state, digest INTO c FROM public.contract WHERE id = NEW.contract_id;
  IF c.state <> 'submitted' OR c.digest IS DISTINCT FROM NEW.digest THEN
    RAISE EXCEPTION 'a signature needs a submitted contract and its own digest' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NOT EXISTS (SELECT FROM public.app_user WHERE id = NEW.user_id AND kind = 'person' AND disabled_at IS NULL) THEN
    RAISE EXCEPTION 'only a person signs' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON contract_signature FOR EACH ROW EXECUTE FUNCTION guard_signature();

CREATE FUNCTION guard_decision() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF EXISTS (
    SELECT FROM public.promotion p JOIN public.model_version v ON v.id = p.model_version_id
    WHERE p.id = NEW.promotion_id AND (NEW.user_id = p.requested_by_id OR NEW.user_id = v.registered_by_id)
  ) THEN
    RAISE EXCEPTION 'the requester and the registrar do not decide' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NOT EXISTS (SELECT FROM public.app_user WHERE id = NEW.user_id AND kind = 'person' AND disabled_at IS NULL) THEN
    RAISE EXCEPTION 'only a person decides' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON promotion_decision FOR EACH ROW EXECUTE FUNCTION guard_decision();

-- A registered version is what was registered: only the outcome of its verification is added, once.
CREATE FUNCTION guard_version() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'pending'
     OR (NEW.model_id, NEW.number, NEW.digest, NEW.files, NEW.schema, NEW.evaluation, NEW.dataset, NEW.code_revision, NEW.registered_by_id)
     IS DISTINCT FROM (OLD.model_id, OLD.number, OLD.digest, OLD.files, OLD.schema, OLD.evaluation, OLD.dataset, OLD.code_revision, OLD.registered_by_id) THEN
    RAISE EXCEPTION 'model version %: % refused, a version is immutable', OLD.number, TG_OP USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON model_version FOR EACH ROW EXECUTE FUNCTION guard_version();

-- A target refuses a lower generation; so does the table.
CREATE FUNCTION guard_generation() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NEW.generation < OLD.generation OR (NEW.generation = OLD.generation AND (NEW.serving_id, NEW.warm_id) IS DISTINCT FROM (OLD.serving_id, OLD.warm_id)) THEN
    RAISE EXCEPTION 'endpoint %: the generation must grow with every change', OLD.name USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON endpoint FOR EACH ROW EXECUTE FUNCTION guard_generation();
