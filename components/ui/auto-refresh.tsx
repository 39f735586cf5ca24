"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Makes the server render the page again every `everyMs` while it is looked at; what was typed and opened stays. */
export function AutoRefresh({ everyMs }: { readonly everyMs: number }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) router.refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [router, everyMs]);
  return null;
}
