import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { authOptions, CALLBACK_COOKIE } from "@/lib/sign-in";

type Context = { readonly params: Promise<{ nextauth: string[] }> };

/** next-auth answers 500 to a cookie that is no URL: refuse it here, and take it away. */
async function handle(request: NextRequest, context: Context): Promise<Response> {
  for (const name of [CALLBACK_COOKIE, `__Secure-${CALLBACK_COOKIE}`]) {
    const value = request.cookies.get(name)?.value;
    if (value !== undefined && !URL.canParse(value)) {
      return new Response("The cookie with the page to return to is malformed; it was removed.", {
        status: 400,
        headers: { "set-cookie": `${name}=; Path=/; Max-Age=0` },
      });
    }
  }
  return NextAuth(authOptions())(request, context);
}

export { handle as GET, handle as POST };
