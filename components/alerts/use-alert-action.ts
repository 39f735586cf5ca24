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

  function run<T>(action: () => Promise<Result<T>>, onDone?: (data: T) => void) {
    start(async () => {
      const result = await action();
      setFailure(result.ok ? undefined : result.error);
      await Promise.all([
        client.invalidateQueries({ queryKey: ["alert"] }),
        client.invalidateQueries({ queryKey: ["alerts"] }),
      ]);
      router.refresh();
      if (result.ok) onDone?.(result.data);
    });
  }
  return { run, failure, pending, forget: () => setFailure(undefined) };
}
