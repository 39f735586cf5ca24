"use client";

import { useSelectedLayoutSegment } from "next/navigation";
import { Tabs } from "@/components/ui/tabs";

const TABS = [
  { segment: "", label: "Overview" },
  { segment: "drift", label: "Drift and quality" },
  { segment: "slo", label: "Error budget" },
] as const;
const ROLLOUT = { segment: "rollout", label: "Rollout" } as const;

type Props = {
  readonly name: string;
  /** One is on its way, or was. */
  readonly hasRollout: boolean;
};

/** The views of an endpoint. */
export function EndpointTabs({ name, hasRollout }: Props) {
  const segment = useSelectedLayoutSegment() ?? "";
  const hrefOf = (of: string) => `/endpoints/${name}${of && `/${of}`}`;
  const shown = hasRollout || segment === ROLLOUT.segment ? [...TABS, ROLLOUT] : TABS;
  const tabs = shown.map(({ segment: of, label }) => ({ href: hrefOf(of), label }));
  return <Tabs label="Endpoint" tabs={tabs} current={hrefOf(segment)} />;
}
