"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { FormError } from "@/components/ui/form-error";
import { revokeSessionAction } from "@/lib/auth/actions";

/** Ends a session at once. `device` is in its accessible name, because the table has several such buttons. */
export function RevokeSessionButton({ id, device }: { readonly id: string; readonly device: string }) {
  const router = useRouter();
  const [pending, start] = useTransition();
  const [error, setError] = useState<{ message: string }>();

  function revoke() {
    start(async () => {
      const result = await revokeSessionAction({ id });
      if (result.ok) router.refresh();
      else setError(result.error);
    });
  }

  return (
    <>
      <Button
        size="sm"
        variant="danger"
        pending={pending}
        aria-label={`Revoke the session of ${device}`}
        onClick={revoke}
      >
        Revoke
      </Button>
      <FormError error={error} />
    </>
  );
}
