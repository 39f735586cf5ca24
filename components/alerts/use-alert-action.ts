import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import type { Failure, Result } from "@/lib/errors";

/** Runs an action on an alert, a silence or a channel; when it is done, everything that shows alerts is read again. */
export function useAlertAction() {
  const client = useQueryClient();
  const router = useRouter();
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();

  async function runNow<T>(action: () => Promise<Result<T>>): Promise<Result<T>> {
    const result = await action();
    await Promise.all([
      client.invalidateQueries({ queryKey: ["alert"] }),
      client.invalidateQueries({ queryKey: ["alerts"] }),
    ]);
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
