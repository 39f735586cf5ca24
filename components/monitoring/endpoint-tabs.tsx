"use client";

import { useSelectedLayoutSegment } from "next/navigation";
import { Tabs } from "@/components/ui/tabs";

const TABS = [
  { segment: "", label: "Overview" },
  { segment: "drift", label: "Drift and quality" },
  { segment: "slo", label: "Error budget" },
] as const;

/** The views of an endpoint. */
export function EndpointTabs({ name }: { readonly name: string }) {
  const segment = useSelectedLayoutSegment() ?? "";
  const hrefOf = (of: string) => `/endpoints/${name}${of && `/${of}`}`;
  const tabs = TABS.map(({ segment: of, label }) => ({ href: hrefOf(of), label }));
  return <Tabs label="Endpoint" tabs={tabs} current={hrefOf(segment)} />;
}
