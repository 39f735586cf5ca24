// Who may use a test cluster: static bearer tokens. `admin` may do everything, `viewer` nothing before RBAC says so.
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";

const USERS = { admin: "system:masters", viewer: "viewers" } as const;

export type Users = {
  /** What the API server reads: token, name, id, groups. */
  readonly file: string;
  readonly adminToken: string;
  readonly adminKubeconfig: string;
};

/** Writes the tokens and `<user>.kubeconfig` for each user into `dir`. */
export function makeUsers(dir: string, server: string, authorityPem: string): Users {
  const users = Object.entries(USERS).map(([name, group]) => ({ name, group, token: randomBytes(24).toString("hex") }));
  const file = path.join(dir, "tokens.csv");
  const lines = users.map(({ name, group, token }) => `${token},${name},${name},"${group}"\n`);
  writeFileSync(file, lines.join(""), { mode: 0o600 });
  for (const { name, token } of users) {
    writeFileSync(kubeconfigOf(dir, name), kubeconfig(server, authorityPem, name, token), { mode: 0o600 });
  }
  return { file, adminToken: users[0]?.token ?? "", adminKubeconfig: kubeconfigOf(dir, "admin") };
}

const kubeconfigOf = (dir: string, user: string) => path.join(dir, `${user}.kubeconfig`);

function kubeconfig(server: string, authorityPem: string, user: string, token: string): string {
  const authority = Buffer.from(authorityPem).toString("base64");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "loopback",
    clusters: [{ name: "loopback", cluster: { server, "certificate-authority-data": authority } }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: "loopback", context: { cluster: "loopback", user } }],
  });
}
