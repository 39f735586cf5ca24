"use client";

import { Brand } from "@/components/shell/brand";
import { ErrorView } from "@/components/shell/error-view";

export default function RootError(props: { error: unknown; retry: () => void }) {
  return (
    <main className="mx-auto max-w-2xl p-6">
      <Brand />
      <ErrorView {...props} />
    </main>
  );
}
