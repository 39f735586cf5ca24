import { Tabs } from "@/components/ui/tabs";
import { hrefWith } from "@/lib/query-string";

/** By environment and order: both in the address. */
export function EndpointFilter({ environment, sort }: { readonly environment?: string; readonly sort?: string }) {
  const href = (of?: string) => hrefWith("/endpoints", { environment: of, sort });
  return (
    <Tabs
      label="Environment"
      current={href(environment)}
      tabs={[
        { href: href(), label: "All" },
        { href: href("production"), label: "Production" },
        { href: href("staging"), label: "Staging" },
      ]}
    />
  );
}
