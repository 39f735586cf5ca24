import { accountFile, checkServer, saveAccount } from "./account-file";
import { apiClient } from "./api-client";
import { type Call, type Command, type Io, option } from "./command";
import { UsageError } from "./failures";

type Me = { readonly email: string; readonly name: string; readonly kind: string; readonly roles: readonly string[] };

async function login(call: Call): Promise<void> {
  const { io } = call;
  const server = option(call, "server") || io.env.PROVISO_URL;
  if (!server) throw new UsageError("--server is missing: the address of the portal");
  checkServer(server);
  const token = option(call, "token") || io.env.PROVISO_TOKEN || (await fromInput(io));
  const me = await apiClient(server, token, io.signal).get<Me>("/api/v1/me");
  const file = accountFile(io.env);
  await saveAccount(file, { server, token });
  call.print(me, `Signed in to ${server} as ${me.email} (${me.roles.join(", ")}); kept in ${file}.\n`);
}

async function fromInput(io: Io): Promise<string> {
  let text = "";
  for await (const chunk of io.input ?? []) text += chunk.toString();
  const token = text.trim();
  if (!token) throw new UsageError("No token: pipe it in, set PROVISO_TOKEN, or give --token.");
  return token;
}

async function whoami(call: Call): Promise<void> {
  const me = await (await call.api()).get<Me>("/api/v1/me");
  call.print(me, `${me.email} (${me.kind}): ${me.roles.join(", ")}\n`);
}

export const LOGIN: readonly Command[] = [
  {
    name: "login",
    usage: "--server URL [--token TOKEN]",
    summary: "Checks a token (option, PROVISO_TOKEN or standard input) and keeps it for this user.",
    run: login,
  },
  { name: "whoami", summary: "The account of the token.", run: whoami },
];
