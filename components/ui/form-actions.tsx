import { Button } from "./button";
import { LinkButton } from "./link-button";

type Props = {
  /** What sending the form does: the name of its button. */
  readonly submit: string;
  /** Where giving up leads. */
  readonly cancelHref: string;
  readonly pending: boolean;
  readonly disabled?: boolean;
};

/** The end of a form: send it, or leave it. */
export function FormActions({ submit, cancelHref, pending, disabled = false }: Props) {
  return (
    <div className="flex flex-wrap gap-2">
      <Button type="submit" variant="primary" pending={pending} disabled={disabled}>
        {submit}
      </Button>
      <LinkButton variant="quiet" href={cancelHref}>
        Cancel
      </LinkButton>
    </div>
  );
}
