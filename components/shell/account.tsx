import { ThemeSwitch } from "@/components/ui/theme-switch";
import type { Principal } from "@/lib/auth/schema";
import { ROLE_NAMES } from "./role-names";
import { SignOutButton } from "./sign-out-button";

/** Who is signed in, in which roles, the theme, and the way out. */
export function Account({ principal }: { readonly principal: Principal }) {
  return (
    <div className="grid gap-2.5 text-sm">
      <div className="text-muted">
        <p className="font-medium text-fg wrap-anywhere">{principal.email}</p>
        <p>{principal.roles.map((role) => ROLE_NAMES[role]).join(" · ")}</p>
        {principal.development && <p className="text-risk">Development account</p>}
      </div>
      <div className="flex items-center justify-between gap-2">
        <ThemeSwitch />
        <SignOutButton />
      </div>
    </div>
  );
}
