"use client";

import { useEffect, useMemo, useState } from "react";
import type { ContractDocument } from "@/lib/contracts/document";
import {
  type ClauseForm,
  type DocumentForm,
  type FormMessages,
  readForm,
  refusedMessages,
  withTarget,
} from "@/lib/contracts/document-form";
import type { Failure } from "@/lib/errors";
import { placementLimits } from "@/lib/serving/placement-limits";

/** What the sections of the editor share. */
export type Editing = ReturnType<typeof useDocumentForm>;

/**
 * The typed document and the messages to show. A contradiction shows at once; what is merely not filled in yet, only after
 * somebody tried to save.
 */
export function useDocumentForm(initial: DocumentForm) {
  const [form, setForm] = useState(initial);
  const [attempted, setAttempted] = useState(false);
  const [refused, setRefused] = useState<FormMessages>({});
  const read = useMemo(() => readForm(form), [form]);
  const dirty = form !== initial;

  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [dirty]);

  function change(next: (old: DocumentForm) => DocumentForm) {
    setRefused({});
    setForm(next);
  }

  const messages: FormMessages = {
    ...refused,
    ...(attempted || read.document ? read.messages : {}),
    ...(read.document ? limitMessages(read.document) : {}),
  };
  return {
    form,
    messages,
    document: read.document,
    dirty,
    set: (fields: Partial<DocumentForm>) => change((old) => ({ ...old, ...fields })),
    setTarget: (id: string, text: string) => change((old) => withTarget(old, id, text)),
    setClause: (id: string, fields: Partial<ClauseForm>) =>
      change((old) => ({
        ...old,
        clauses: old.clauses.map((each) => (each.id === id ? { ...each, ...fields } : each)),
      })),
    change,
    attempt: () => setAttempted(true),
    refuse: ({ fields }: Failure) => setRefused(refusedMessages(fields ?? {}, form)),
  };
}

/** What no cluster could place: with the document's own contradictions it stands beside its field before anybody submits it. */
function limitMessages(document: ContractDocument): FormMessages {
  return Object.fromEntries(placementLimits(document).map(({ path, reason, fix }) => [path, [`${reason}: ${fix}`]]));
}

/** Whether any field below this path has a message. */
export function hasMessages(messages: FormMessages, path: string): boolean {
  return Object.keys(messages).some((key) => key === path || key.startsWith(`${path}.`));
}
