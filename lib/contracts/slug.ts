/** A slug from a name: "Flight delays (US)" is `flight-delays-us`. Empty where nothing of it can stay. */
export function proposeSlug(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 63)
    .replace(/^-+|-+$/g, "");
}
