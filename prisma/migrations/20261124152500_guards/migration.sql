-- The database as the second line, where it had none: a row begins at the beginning, and nothing serves without signature and approvals.
CREATE FUNCTION guard_first_state() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NEW.state <> TG_ARGV[0] THEN
    RAISE EXCEPTION '%: begins as %, not as %', TG_TABLE_NAME, TG_ARGV[0], NEW.state USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER first_state BEFORE INSERT ON contract FOR EACH ROW EXECUTE FUNCTION guard_first_state('draft');
CREATE TRIGGER first_state BEFORE INSERT ON model_version FOR EACH ROW EXECUTE FUNCTION guard_first_state('pending');
CREATE TRIGGER first_state BEFORE INSERT ON promotion FOR EACH ROW EXECUTE FUNCTION guard_first_state('in_review');

-- A promotion is about what it was requested for. It is approved, and applied, on two approvals over its inputs, by two persons in two
-- slots; what was decided is not rewritten. The steps are those of lib/governance/promotion-state.ts.
CREATE FUNCTION guard_promotion() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
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
    ('approved', 'applying'), ('approved', 'in_review'), ('approved', 'withdrawn'),
    ('applying', 'active'), ('applying', 'failed'), ('active', 'superseded')
  ) THEN
    RAISE EXCEPTION 'promotion %: % cannot become %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.state <> 'in_review' AND NEW.state <> 'in_review'
     AND (NEW.inputs, NEW.inputs_digest, NEW.contract_id) IS DISTINCT FROM (OLD.inputs, OLD.inputs_digest, OLD.contract_id) THEN
    RAISE EXCEPTION 'promotion %: what was decided on cannot be changed', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.state IN ('approved', 'applying') AND NOT EXISTS (
    SELECT FROM public.promotion_decision a JOIN public.promotion_decision b
      ON b.promotion_id = a.promotion_id AND b.slot = 'governance' AND b.decision = 'approve'
      AND b.inputs_digest = a.inputs_digest AND b.user_id <> a.user_id
    WHERE a.promotion_id = NEW.id AND a.slot = 'validator' AND a.decision = 'approve' AND a.inputs_digest = NEW.inputs_digest
  ) THEN
    RAISE EXCEPTION 'promotion %: two approvals over its inputs are needed', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.state = 'applying' AND NOT EXISTS (
    SELECT FROM public.revision r WHERE r.id = NEW.revision_id
      AND (r.endpoint_id, r.model_version_id, r.contract_id) = (NEW.endpoint_id, NEW.model_version_id, NEW.contract_id)
  ) THEN
    RAISE EXCEPTION 'promotion %: it is applied as a revision of its own', OLD.id USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON promotion FOR EACH ROW EXECUTE FUNCTION guard_promotion();

-- A revision is a verified version under a signed contract, and stays what it is: only when it first answered is added, once.
CREATE FUNCTION guard_revision() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (SELECT FROM public.contract c WHERE c.id = NEW.contract_id AND c.state = 'signed')
       OR NOT EXISTS (SELECT FROM public.model_version v WHERE v.id = NEW.model_version_id AND v.state = 'ready') THEN
      RAISE EXCEPTION 'revision %: needs a signed contract and a verified version', NEW.name USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.served_at IS NOT NULL OR (to_jsonb(NEW) - 'served_at') IS DISTINCT FROM (to_jsonb(OLD) - 'served_at') THEN
    RAISE EXCEPTION 'revision %: % refused, a revision is immutable', OLD.name, TG_OP USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON revision FOR EACH ROW EXECUTE FUNCTION guard_revision();

-- An endpoint answers with revisions of its own.
CREATE FUNCTION guard_serving() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF EXISTS (SELECT FROM public.revision r WHERE r.id IN (NEW.serving_id, NEW.warm_id) AND r.endpoint_id <> NEW.id) THEN
    RAISE EXCEPTION 'endpoint %: a revision of another endpoint', NEW.name USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER own_revision BEFORE INSERT OR UPDATE OF serving_id, warm_id ON endpoint FOR EACH ROW EXECUTE FUNCTION guard_serving();
