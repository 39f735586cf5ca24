import type { ReactNode } from "react";
import { cn } from "./cn";

export type ClauseStateName = "met" | "at_risk" | "breached" | "unproven";

const LOOK: Readonly<Record<ClauseStateName, { word: string; colour: string; icon: ReactNode }>> = {
  met: {
    word: "Met",
    colour: "bg-met-soft text-met",
    icon: <path d="M3 8.5l3.2 3L13 4.5" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
  },
  at_risk: {
    word: "At risk",
    colour: "bg-risk-soft text-risk",
    icon: (
      <>
        <path d="M8 2l6.5 12h-13z" fill="none" stroke="currentColor" strokeWidth="1.7" strokeLinejoin="round" />
        <path d="M8 6.5v3.4M8 11.9v.3" stroke="currentColor" strokeWidth="1.7" />
      </>
    ),
  },
  breached: {
    word: "Breached",
    colour: "bg-breach-soft text-breach",
    icon: (
      <>
        <path d="M5.2 1.8h5.6l3.4 3.4v5.6l-3.4 3.4H5.2l-3.4-3.4V5.2z" fill="currentColor" />
        <path d="M8 4.6v4M8 10.6v.6" className="stroke-panel" strokeWidth="1.8" />
      </>
    ),
  },
  unproven: {
    word: "Unproven",
    colour: "bg-unproven-soft text-unproven",
    icon: (
      <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray="2.4 2.2" />
    ),
  },
};

type Props = {
  readonly state: ClauseStateName;
  /** Another word for the same four states: Pass, Missing, Approved, Ready. */
  readonly word?: string | undefined;
  /** Why, on hover; say it in text as well where it matters. */
  readonly title?: string | undefined;
  readonly className?: string;
};

/** Icon, word and colour of a state: the only way a state is shown anywhere. */
export function ClauseState({ state, word, title, className }: Props) {
  const look = LOOK[state];
  return (
    <span
      title={title}
      className={cn(
        "inline-flex items-center gap-1.5 rounded-md py-px pr-2 pl-1.5 align-middle text-sm font-medium tracking-normal whitespace-nowrap",
        look.colour,
        className,
      )}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true" className="size-3.25 shrink-0">
        {look.icon}
      </svg>
      {word ?? look.word}
    </span>
  );
}
