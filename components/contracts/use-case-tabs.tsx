"use client";

import { useSelectedLayoutSegment } from "next/navigation";
import { Tabs } from "@/components/ui/tabs";

const TABS = [
  { segment: "", label: "Ledger" },
  { segment: "contract", label: "Contract" },
  { segment: "plan", label: "Plan" },
  { segment: "promotions", label: "Promotions" },
  { segment: "history", label: "History" },
] as const;

/** The views of a use case. */
export function UseCaseTabs({ slug }: { readonly slug: string }) {
  const segment = useSelectedLayoutSegment() ?? "";
  const hrefOf = (of: string) => `/use-cases/${slug}${of && `/${of}`}`;
  const tabs = TABS.map(({ segment: of, label }) => ({ href: hrefOf(of), label }));
  return <Tabs label="Use case" tabs={tabs} current={hrefOf(segment)} />;
}
