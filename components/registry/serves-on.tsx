import Link from "next/link";

type On = { readonly endpoint: string; readonly version?: number };

/** Endpoints as links above the link of their row. */
export function ServesOn({ on }: { readonly on: readonly On[] }) {
  if (on.length === 0) return <span className="text-muted">nowhere</span>;
  return on.map(({ endpoint, version }) => (
    <span key={endpoint} className="mr-2 whitespace-nowrap">
      <Link href={`/endpoints/${endpoint}`} className="relative z-1 underline underline-offset-2">
        {endpoint}
      </Link>
      {version !== undefined && <span className="num ml-1 text-muted">v{version}</span>}
    </span>
  ));
}
