import { currentPrincipal } from "@/lib/auth/queries";
import { getPrometheusRules } from "@/lib/monitoring/queries/prometheus-rules";
import { answer } from "@/lib/route";

type Context = { readonly params: Promise<{ readonly name: string }> };

/** As it is applied: `curl … | kubectl apply -f -`. */
export function GET(request: Request, { params }: Context): Promise<Response> {
  return answer(request, async () => {
    const { yaml } = await getPrometheusRules.call(await currentPrincipal(), await params);
    return new Response(yaml, { headers: { "content-type": "application/yaml", "cache-control": "no-store" } });
  });
}
