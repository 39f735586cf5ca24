"use client";

import { ChevronRight, LoaderCircle } from "lucide-react";
import { signIn } from "next-auth/react";
import { useState } from "react";
import { ROLE_TASKS } from "@/components/shell/role-names";
import { FormError } from "@/components/ui/form-error";
import type { Role } from "@/lib/auth/schema";

type Account = { readonly email: string; readonly name: string; readonly roles: readonly Role[] };

type Props = {
  readonly accounts: readonly Account[];
  /** Where to go then: a path of the portal. */
  readonly next: string;
};

/** One button per account: it signs in without a password. */
export function DevelopmentSignIn({ accounts, next }: Props) {
  const [busy, setBusy] = useState<string>();
  const [error, setError] = useState<{ message: string }>();

  async function enter(email: string) {
    setBusy(email);
    setError(undefined);
    const answer = await signIn("development", { email, callbackUrl: next, redirect: false }).catch(() => undefined);
    if (answer?.ok) return window.location.assign(next);
    setBusy(undefined);
    setError({
      message: answer ? `The portal does not let ${email} in.` : "The portal does not answer. Is it running?",
    });
  }

  return (
    <>
      <ul className="divide-y overflow-hidden rounded-xl border bg-panel">
        {accounts.map(({ email, name, roles }) => (
          <li key={email}>
            <button
              type="button"
              disabled={busy !== undefined}
              aria-busy={busy === email || undefined}
              onClick={() => void enter(email)}
              className="flex w-full items-center justify-between gap-4 px-4 py-2.5 text-left -outline-offset-2 enabled:hover:bg-hover"
            >
              <span className="min-w-0">
                <span className="font-medium">{name}</span> <span className="text-sm text-muted">{email}</span>
                <span className="block text-sm text-muted">{roles.map((role) => ROLE_TASKS[role]).join("; ")}</span>
              </span>
              {busy === email ? (
                <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin text-muted" />
              ) : (
                <ChevronRight aria-hidden className="size-4 shrink-0 text-muted" />
              )}
            </button>
          </li>
        ))}
      </ul>
      <FormError error={error} />
    </>
  );
}
