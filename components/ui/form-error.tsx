import { CircleAlert } from "lucide-react";

/** Why the whole form was refused. Announced when it appears; `id` of an unexpected error finds its log line. */
export function FormError({
  error,
}: {
  readonly error: { message: string; id?: string | undefined } | null | undefined;
}) {
  return (
    <div role="alert" className="empty:hidden">
      {error && (
        <p className="flex items-start gap-2 rounded-lg bg-breach-soft px-3 py-2 text-breach">
          <CircleAlert aria-hidden className="mt-0.75 size-3.5 shrink-0" />
          <span>
            {error.message}
            {error.id && <span className="num block">error {error.id}</span>}
          </span>
        </p>
      )}
    </div>
  );
}
