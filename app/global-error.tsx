"use client";

import "./globals.css";

/** The layout itself failed: no providers, no fonts, no theme but the system's. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : undefined;
  return (
    <html lang="en">
      <head>
        <title>Something went wrong · Proviso</title>
      </head>
      <body>
        <main className="mx-auto grid max-w-2xl gap-3 p-6">
          <h1 className="text-xl font-semibold">Something went wrong</h1>
          <p>The portal could not make this page.{digest && ` In the server's log it is ${digest}.`}</p>
          <p>
            <button type="button" className="link" onClick={() => retry()}>
              Try again
            </button>
          </p>
        </main>
      </body>
    </html>
  );
}
