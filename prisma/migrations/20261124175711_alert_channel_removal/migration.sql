-- AlterTable
ALTER TABLE "alert_channel" ADD COLUMN     "removed_at" TIMESTAMPTZ(3);
