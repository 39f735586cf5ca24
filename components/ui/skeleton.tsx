import { cn } from "./cn";

/** Reserves the space of what is still loading; give it the height and width of the real thing. */
export function Skeleton({ className }: { readonly className?: string }) {
  return (
    <div aria-hidden className={cn("animate-[pulse-soft_1.6s_ease-in-out_infinite] rounded-md bg-hover", className)} />
  );
}
