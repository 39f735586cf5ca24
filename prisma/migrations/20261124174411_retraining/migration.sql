-- CreateTable
CREATE TABLE "retraining_proposal" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "endpoint_id" UUID NOT NULL,
    "clause_id" TEXT NOT NULL,
    "contract_id" UUID NOT NULL,
    "window_from" TIMESTAMPTZ(3) NOT NULL,
    "window_to" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "clause_says" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "proposed_by" TEXT NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_by" TEXT,
    "closed_at" TIMESTAMPTZ(3),
    "outcome" TEXT,

    CONSTRAINT "retraining_proposal_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "retraining_proposal_endpoint_id_proposed_at_idx" ON "retraining_proposal"("endpoint_id", "proposed_at");

-- AddForeignKey
ALTER TABLE "retraining_proposal" ADD CONSTRAINT "retraining_proposal_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE retraining_proposal ADD CONSTRAINT retraining_proposal_state
  CHECK (state IN ('open', 'closed') AND (state = 'closed') = (closed_at IS NOT NULL AND closed_by IS NOT NULL AND outcome IS NOT NULL)),
  ADD CONSTRAINT retraining_proposal_window CHECK (window_to > window_from);
CREATE UNIQUE INDEX retraining_proposal_one_open ON retraining_proposal (endpoint_id, clause_id) WHERE state = 'open';
