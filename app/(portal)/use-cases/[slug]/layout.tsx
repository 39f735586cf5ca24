import type { Metadata } from "next";
import { UseCaseHeader } from "@/components/contracts/use-case-header";
import { UseCaseTabs } from "@/components/contracts/use-case-tabs";
import { Refusal } from "@/components/shell/refusal";
import { requirePrincipal } from "@/lib/auth/queries";
import { getUseCase } from "@/lib/contracts/queries";
import { listEndpoints } from "@/lib/deployments/queries";
import { read } from "@/lib/read";

export async function generateMetadata({ params }: LayoutProps<"/use-cases/[slug]">): Promise<Metadata> {
  return { title: (await params).slug };
}

export default async function UseCaseLayout({ params, children }: LayoutProps<"/use-cases/[slug]">) {
  const principal = await requirePrincipal();
  const { slug } = await params;
  const [useCase, endpoints] = await Promise.all([
    read(getUseCase, { slug }),
    read(listEndpoints, { useCase: slug, limit: 10 }),
  ]);
  if (!useCase.ok) return <Refusal failure={useCase.error} />;
  const found = endpoints.ok ? endpoints.data.items : [];
  const endpoint = found.find(({ environment }) => environment === "production") ?? found[0];
  return (
    <>
      <UseCaseHeader useCase={useCase.data} principal={principal} endpoint={endpoint?.name ?? null} />
      <UseCaseTabs slug={useCase.data.slug} />
      {children}
    </>
  );
}
