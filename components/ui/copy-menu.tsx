import { ChevronDown } from "lucide-react";
import { Button } from "./button";
import { CopyButton } from "./copy-button";
import { Popover } from "./popover";

type Entry = { readonly label: string; readonly text: string };

/** "Copy as" with one button per form (YAML, curl, CLI); a single form is a plain button. */
export function CopyMenu({ entries }: { readonly entries: readonly Entry[] }) {
  const [only] = entries;
  if (!only) return null;
  if (entries.length === 1) return <CopyButton label={`Copy ${only.label}`} text={only.text} />;
  return (
    <Popover
      align="end"
      label="Copy as"
      className="w-auto min-w-40 p-1"
      trigger={
        <Button>
          Copy as
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      <ul>
        {entries.map(({ label, text }) => (
          <li key={label}>
            <CopyButton label={label} text={text} className="w-full justify-start border-transparent bg-transparent" />
          </li>
        ))}
      </ul>
    </Popover>
  );
}
