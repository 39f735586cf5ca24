import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import type { Failure, Result } from "@/lib/errors";

/** Runs an action; when it is done, the page is read again, and before that what `reread` reads. */
export function usePageAction(reread?: () => Promise<unknown>) {
  const router = useRouter();
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();

  async function runNow<T>(action: () => Promise<Result<T>>): Promise<Result<T>> {
    const result = await action();
    await reread?.();
    router.refresh();
    return result;
  }

  function run<T>(action: () => Promise<Result<T>>, onDone?: (data: T) => void) {
    start(async () => {
      const result = await runNow(action);
      setFailure(result.ok ? undefined : result.error);
      if (result.ok) onDone?.(result.data);
    });
  }
  return { run, runNow, failure, pending };
}
