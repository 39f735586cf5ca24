"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { useSyncExternalStore } from "react";
import { cn } from "./cn";

const THEMES = [
  { value: "system", label: "As the system", icon: Monitor },
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
] as const;

const never = () => () => {};

/** Follows the system until told otherwise. */
export function ThemeSwitch({ className }: { readonly className?: string }) {
  const { theme, setTheme } = useTheme();
  // The choice is in the browser only; the server renders none as chosen.
  const inBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return (
    <fieldset className={cn("inline-flex rounded-lg border p-0.5", className)}>
      <legend className="sr-only">Theme</legend>
      {THEMES.map(({ value, label, icon: Icon }) => {
        const on = inBrowser && theme === value;
        return (
          <button
            key={value}
            type="button"
            aria-pressed={on}
            aria-label={label}
            title={label}
            onClick={() => setTheme(value)}
            className={cn(
              "inline-flex size-5.5 items-center justify-center rounded-md text-muted hover:text-fg",
              on && "bg-unproven-soft text-fg",
            )}
          >
            <Icon aria-hidden className="size-3.25" />
          </button>
        );
      })}
    </fieldset>
  );
}
