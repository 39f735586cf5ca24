-- AlterTable
ALTER TABLE "registered_model" ADD COLUMN     "last_number" INTEGER NOT NULL DEFAULT 0;

UPDATE registered_model m
SET last_number = (SELECT coalesce(max(v.number), 0) FROM model_version v WHERE v.model_id = m.id);
