import type { Principal, Role } from "@/lib/auth/schema";

export type NextStep = {
  readonly title: string;
  readonly text: string;
  readonly command?: string;
  readonly href: string;
  readonly action: string;
};

/** In the order in which a use case comes to life: the first role that a person has decides what their home page proposes. */
const STEPS: readonly (readonly [Role, NextStep])[] = [
  [
    "scientist",
    {
      title: "State what the model must deliver",
      text: "A use case and a contract of at most six numbers. Once it is signed, a version registered by CI can be promoted.",
      command: "npx proviso contract draft SLUG --archetype real-time-decision --file contract.json",
      href: "/use-cases",
      action: "Open use cases",
    },
  ],
  [
    "owner",
    {
      title: "Begin with a use case",
      text: "What the predictions are for, who owns them, and which cost centre pays. Its contract is then drafted and signed.",
      href: "/use-cases/new",
      action: "New use case",
    },
  ],
  [
    "sre",
    {
      title: "Create an endpoint",
      text: "The place where a use case is served. A promotion brings a model version to it.",
      command: "npx proviso endpoint create NAME --use-case SLUG --environment production",
      href: "/endpoints/new",
      action: "New endpoint",
    },
  ],
];

const LOOK: NextStep = {
  title: "Nothing serves yet",
  text: "Endpoints with the state of their clauses stand here as soon as a promotion has been approved by two people.",
  href: "/use-cases",
  action: "Open use cases",
};

/** What a person can do while nothing serves. */
export function nextStepFor({ roles }: Pick<Principal, "roles">): NextStep {
  return STEPS.find(([role]) => roles.includes(role))?.[1] ?? LOOK;
}
