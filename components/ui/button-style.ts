import { cva, type VariantProps } from "class-variance-authority";

export const buttonStyle = cva(
  "inline-flex items-center justify-center gap-1.5 rounded-lg border font-medium whitespace-nowrap no-underline select-none transition-colors disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50 [&_svg]:size-3.5 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        default: "border-line-strong bg-panel text-fg enabled:hover:bg-hover [a]:hover:bg-hover",
        primary: "border-fg bg-fg text-bg enabled:hover:opacity-85 [a]:hover:opacity-85",
        danger: "border-line-strong bg-panel text-breach enabled:hover:bg-breach-soft [a]:hover:bg-breach-soft",
        quiet: "border-transparent text-muted enabled:hover:bg-hover enabled:hover:text-fg [a]:hover:bg-hover",
      },
      size: {
        md: "h-8 px-3 text-[0.8125rem]",
        sm: "h-6 px-2 text-xs",
        icon: "size-6 p-0",
      },
    },
    defaultVariants: { variant: "default", size: "md" },
  },
);

export type ButtonStyle = VariantProps<typeof buttonStyle>;
