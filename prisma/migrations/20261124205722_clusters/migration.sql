-- AlterTable
ALTER TABLE "endpoint" ADD COLUMN     "cluster_id" UUID;

-- CreateTable
CREATE TABLE "cluster" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "namespace" TEXT NOT NULL,
    "access" TEXT NOT NULL,
    "server" TEXT,
    "kubeconfig" TEXT,
    "config" JSONB NOT NULL,
    "capabilities" JSONB,
    "capabilities_at" TIMESTAMPTZ(3),
    "unmanaged" JSONB,
    "problem" TEXT,
    "checked_at" TIMESTAMPTZ(3),
    "next_check_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cluster_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "cluster_name_key" ON "cluster"("name");

-- AddForeignKey
ALTER TABLE "endpoint" ADD CONSTRAINT "endpoint_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The second line: what the commands promise, the database holds.
ALTER TABLE cluster
  ADD CONSTRAINT cluster_name CHECK (name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  ADD CONSTRAINT cluster_namespace CHECK (namespace ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  ADD CONSTRAINT cluster_access CHECK (access IN ('kubeconfig', 'in_cluster') AND (access = 'kubeconfig') = (kubeconfig IS NOT NULL) AND (access = 'kubeconfig') = (server IS NOT NULL)),
  ADD CONSTRAINT cluster_capabilities CHECK ((capabilities IS NULL) = (capabilities_at IS NULL));
ALTER TABLE endpoint ADD CONSTRAINT endpoint_cluster CHECK ((target = 'kubernetes') = (cluster_id IS NOT NULL));
