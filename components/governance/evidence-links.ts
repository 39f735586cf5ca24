import type { Promotion } from "@/lib/governance/schema";

/** Where the evidence stands that the gates of a promotion read: on the page of the version, held against the promotion's contract. */
export function evidenceLinks({ model, version, useCase, contract }: Promotion) {
  const page = `/models/${model}/versions/${version}?contract=${useCase.slug}/${contract}`;
  return { load_curve: `${page}#load-curve`, drill: `${page}#drill` } as const;
}
