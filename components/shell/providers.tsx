"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { ThemeProvider } from "next-themes";
import { type ReactNode, useEffect, useState } from "react";

/** Data seeded by the server render counts as fresh this long: no request when the page loads. */
const FRESH_MS = 10_000;

type Props = { readonly nonce: string | undefined; readonly children: ReactNode };

/** What every page needs in the browser. Dialogs add a style element of their own and take the nonce from `get-nonce`. */
export function Providers({ nonce, children }: Props) {
  const [client] = useState(() => {
    if (nonce) setNonce(nonce);
    return new QueryClient({ defaultOptions: { queries: { staleTime: FRESH_MS, retry: 1 } } });
  });
  // Tells a browser under test that clicks are answered.
  useEffect(() => {
    document.documentElement.dataset.hydrated = "true";
  }, []);
  return (
    <ThemeProvider
      attribute="class"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      {...(nonce && { nonce })}
    >
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    </ThemeProvider>
  );
}
