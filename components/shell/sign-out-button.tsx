"use client";

import { LogOut } from "lucide-react";
import { signOut } from "next-auth/react";
import { useState } from "react";
import { Button } from "@/components/ui/button";

/** Ends the session in the database as well. */
export function SignOutButton() {
  const [pending, setPending] = useState(false);
  async function leave() {
    setPending(true);
    await signOut({ callbackUrl: "/sign-in" }).catch(() => setPending(false));
  }
  return (
    <Button size="sm" variant="quiet" pending={pending} onClick={() => void leave()}>
      <LogOut aria-hidden /> Sign out
    </Button>
  );
}
