/** The query string of a page: what `searchParams` holds, and links that keep it. */

export type SearchParams = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The named parameters that were given and are not empty; of a repeated one the first. */
export function pick<Name extends string>(params: SearchParams, names: readonly Name[]): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = params[name];
    const first = typeof value === "string" ? value : value?.[0];
    if (first?.trim()) found[name] = first.trim();
  }
  return found;
}

/** `path` with these parameters; undefined, null and empty ones are left out. */
export function hrefWith(path: string, params: Readonly<Record<string, string | number | null | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

/** A path of this portal to go to after signing in; anything that could lead elsewhere is the start page. */
export function ownPath(target: string | undefined): string {
  if (!target?.startsWith("/") || !URL.canParse(target, "http://portal.invalid")) return "/";
  const url = new URL(target, "http://portal.invalid");
  return url.host === "portal.invalid" ? `${url.pathname}${url.search}` : "/";
}
