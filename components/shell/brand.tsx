import Link from "next/link";
import { cn } from "@/components/ui/cn";

export function Mark({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className={cn("size-4 fill-current", className)}>
      <path
        fillRule="evenodd"
        d="M4 0h8a4 4 0 0 1 4 4v8a4 4 0 0 1-4 4H4a4 4 0 0 1-4-4V4a4 4 0 0 1 4-4Zm0 2a2 2 0 0 0-2 2v6h12V4a2 2 0 0 0-2-2Z"
      />
    </svg>
  );
}

export function Brand({ className }: { readonly className?: string }) {
  return (
    <Link href="/" className={cn("flex items-center gap-2 text-lg font-semibold tracking-[-0.01em]", className)}>
      <Mark />
      Proviso
    </Link>
  );
}
