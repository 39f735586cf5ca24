-- CreateTable
CREATE TABLE "device" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "endpoint_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "revision_id" UUID NOT NULL,
    "model_digest" TEXT NOT NULL,
    "runtime" TEXT NOT NULL,
    "passed" BOOLEAN NOT NULL,
    "reason" TEXT,
    "reported_by" TEXT NOT NULL,
    "reported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "device_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "device_endpoint_id_name_key" ON "device"("endpoint_id", "name");

-- AddForeignKey
ALTER TABLE "device" ADD CONSTRAINT "device_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "device" ADD CONSTRAINT "device_revision_id_fkey" FOREIGN KEY ("revision_id") REFERENCES "revision"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The second line: what the command promises, the database holds.
ALTER TABLE device
  ADD CONSTRAINT device_model_digest CHECK (model_digest ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT device_reason CHECK (passed = (reason IS NULL));
