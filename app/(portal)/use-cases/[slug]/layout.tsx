import type { Metadata } from "next";
import { UseCaseHeader } from "@/components/contracts/use-case-header";
import { UseCaseTabs } from "@/components/contracts/use-case-tabs";
import { Refusal } from "@/components/shell/refusal";
import { requirePrincipal } from "@/lib/auth/queries";
import { getUseCase } from "@/lib/contracts/queries";
import { read } from "@/lib/read";

export async function generateMetadata({ params }: LayoutProps<"/use-cases/[slug]">): Promise<Metadata> {
  return { title: (await params).slug };
}

export default async function UseCaseLayout({ params, children }: LayoutProps<"/use-cases/[slug]">) {
  const principal = await requirePrincipal();
  const useCase = await read(getUseCase, { slug: (await params).slug });
  if (!useCase.ok) return <Refusal failure={useCase.error} />;
  return (
    <>
      <UseCaseHeader useCase={useCase.data} principal={principal} />
      <UseCaseTabs slug={useCase.data.slug} />
      {children}
    </>
  );
}
