"use client";

import { ChevronDown } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { Button } from "./button";
import { CopyButton } from "./copy-button";
import { useCopy } from "./use-copy";

type Entry = { readonly label: string; readonly text: string };

/** "Copy as…" with one entry per form (YAML, curl, CLI); a single entry is a plain button. */
export function CopyMenu({ entries }: { readonly entries: readonly Entry[] }) {
  const [state, copy] = useCopy();
  const [only] = entries;
  if (!only) return null;
  if (entries.length === 1) return <CopyButton label={`Copy ${only.label}`} text={only.text} />;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button>
          {state === "copied" ? "Copied" : state === "failed" ? "Could not copy" : "Copy as"}
          <ChevronDown aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} className="floating z-50 min-w-36 p-1">
          {entries.map(({ label, text }) => (
            <DropdownMenu.Item
              key={label}
              onSelect={() => copy(text)}
              className="cursor-pointer rounded-md px-2.5 py-1 outline-none data-highlighted:bg-hover"
            >
              {label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
