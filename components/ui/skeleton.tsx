import { cn } from "./cn";

/** Reserves the space of what is still loading; give it the height and width of the real thing. */
export function Skeleton({ className }: { readonly className?: string }) {
  return (
    <div aria-hidden className={cn("animate-[pulse-soft_1.6s_ease-in-out_infinite] rounded-md bg-hover", className)} />
  );
}

/** Skeleton lines of a table that is still loading; after three seconds they say what they wait for. */
export function Waiting({ what, rows = 5 }: { readonly what: string; readonly rows?: number }) {
  return (
    <div className="grid gap-3 p-4">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without content have no identity
        <Skeleton key={row} className="h-5" />
      ))}
      <p role="status" className="animate-[appear_200ms_ease-out_3s_backwards] text-sm text-muted">
        Still waiting for {what}.
      </p>
    </div>
  );
}
