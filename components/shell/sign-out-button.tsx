"use client";

import { LogOut } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";

/** Ends the session in the database as well. */
export function SignOutButton() {
  const [pending, setPending] = useState(false);
  async function leave() {
    setPending(true);
    try {
      // Not part of every page: it is needed once, at the end.
      const { signOut } = await import("next-auth/react");
      await signOut({ callbackUrl: "/sign-in" });
    } catch {
      setPending(false);
    }
  }
  return (
    <Button size="sm" variant="quiet" pending={pending} onClick={() => void leave()}>
      <LogOut aria-hidden /> Sign out
    </Button>
  );
}
