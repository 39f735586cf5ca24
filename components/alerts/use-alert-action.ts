import { useQueryClient } from "@tanstack/react-query";
import { usePageAction } from "@/components/ui/use-page-action";

/** Runs an action on an alert, a silence or a channel; when it is done, everything that shows alerts is read again. */
export function useAlertAction() {
  const client = useQueryClient();
  return usePageAction(() =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["alert"] }),
      client.invalidateQueries({ queryKey: ["alerts"] }),
    ]),
  );
}
