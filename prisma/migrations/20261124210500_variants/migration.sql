-- AlterTable
ALTER TABLE "model_version" ADD COLUMN     "parent_id" UUID,
ADD COLUMN     "precision" TEXT;

-- CreateIndex
CREATE INDEX "model_version_parent_id_idx" ON "model_version"("parent_id");

-- AddForeignKey
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "model_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE model_version
  ADD CHECK (precision IN ('fp32', 'fp16', 'int8')),
  ADD CHECK (parent_id IS NULL OR precision IS NOT NULL),
  ADD CHECK (parent_id <> id);

-- A variant is of an earlier version of its own model.
CREATE FUNCTION guard_variant() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NEW.parent_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM public.model_version p WHERE p.id = NEW.parent_id AND p.model_id = NEW.model_id AND p.number < NEW.number
  ) THEN
    RAISE EXCEPTION 'model version %: a variant is of an earlier version of the same model', NEW.number USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER own_model BEFORE INSERT ON model_version FOR EACH ROW EXECUTE FUNCTION guard_variant();

-- A registered version is what was registered, also what it is a variant of.
CREATE OR REPLACE FUNCTION guard_version() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'pending'
     OR (NEW.model_id, NEW.number, NEW.digest, NEW.files, NEW.schema, NEW.evaluation, NEW.dataset, NEW.code_revision, NEW.registered_by_id, NEW.parent_id, NEW.precision)
     IS DISTINCT FROM (OLD.model_id, OLD.number, OLD.digest, OLD.files, OLD.schema, OLD.evaluation, OLD.dataset, OLD.code_revision, OLD.registered_by_id, OLD.parent_id, OLD.precision) THEN
    RAISE EXCEPTION 'model version %: % refused, a version is immutable', OLD.number, TG_OP USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
