/** What input, textarea and select look like. The border keeps 3:1 to its ground: it is what shows that there is a control. */
export const controlStyle =
  "w-full rounded-lg border border-line-control bg-panel px-2.5 text-base text-fg disabled:bg-hover disabled:text-muted aria-invalid:border-breach read-only:not-[select]:bg-hover";
