"use client";

import { Button } from "@/components/ui/button";
import { LinkButton } from "@/components/ui/link-button";
import { MessagePage } from "./message-page";

type Props = { readonly error: unknown; readonly retry: () => void };

/** An error nobody expected. The server keeps its text; the number finds it in the log. */
export function ErrorView({ error, retry }: Props) {
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : undefined;
  return (
    <MessagePage
      title="Something went wrong"
      actions={
        <>
          <Button variant="primary" onClick={() => retry()}>
            Try again
          </Button>
          <LinkButton href="/">Home</LinkButton>
        </>
      }
    >
      <p>The page could not be made. Nothing was changed by opening it.</p>
      {digest && (
        <p>
          In the server's log it is <span className="num text-fg">{digest}</span>.
        </p>
      )}
    </MessagePage>
  );
}
