import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { DevelopmentSignIn } from "@/components/auth/development-sign-in";
import { Mark } from "@/components/shell/brand";
import { Notice } from "@/components/ui/notice";
import { ThemeSwitch } from "@/components/ui/theme-switch";
import { currentPrincipal } from "@/lib/auth/queries";
import { developmentAccounts } from "@/lib/development-accounts";
import { ownPath, pick, type SearchParams } from "@/lib/query-string";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignIn({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { callbackUrl } = pick(await searchParams, ["callbackUrl"]);
  const next = ownPath(callbackUrl);
  if (await currentPrincipal()) redirect(next);
  const accounts = await developmentAccounts();
  return (
    <main className="mx-auto grid min-h-dvh max-w-xl content-center gap-5 px-4 py-10">
      <header>
        <h1 className="flex items-center gap-2.5 text-xl font-semibold tracking-[-0.015em]">
          <Mark className="size-5" /> Sign in to Proviso
        </h1>
        <p className="mt-1 text-muted">
          Nothing serves in production except under a signed contract; every clause of it is compiled, measured,
          enforced and costed.
        </p>
      </header>
      {accounts.length > 0 ? (
        <>
          <DevelopmentSignIn accounts={accounts} next={next} />
          <p className="text-sm text-muted">
            Development accounts: no password, and only on this machine. Each is one person; a contract needs three
            different signatures, a promotion two approvals.
          </p>
        </>
      ) : (
        <Notice tone="risk" title="Nobody can sign in from here">
          Development accounts exist only in the one-machine set-up, and only in a browser on that machine: open the
          address that <code className="num">npm run demo</code> or <code className="num">npm start</code> prints there.
        </Notice>
      )}
      <div>
        <ThemeSwitch />
      </div>
    </main>
  );
}
