import { expect, test } from "vitest";
import { stringify } from "yaml";
import { readKubeconfig } from "./kubeconfig";

const cluster = { server: "https://10.0.0.1:6443", "certificate-authority-data": "Y2E=" };

function kubeconfig(change: { cluster?: object; user?: object; rest?: object } = {}): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "main",
    clusters: [{ name: "one", cluster: { ...cluster, ...change.cluster } }],
    contexts: [{ name: "main", context: { cluster: "one", user: "proviso" } }],
    users: [{ name: "proviso", user: change.user ?? { token: "secret" } }],
    ...change.rest,
  });
}

const problemOf = (text: string) => {
  const read = readKubeconfig(text);
  return read.ok ? null : read.problem;
};

test("a token or a client certificate with its key opens a cluster", () => {
  expect(readKubeconfig(kubeconfig())).toMatchObject({ ok: true, server: "https://10.0.0.1:6443" });
  const user = { "client-certificate-data": "Yw==", "client-key-data": "aw==" };
  expect(readKubeconfig(kubeconfig({ user })).ok).toBe(true);
});

test("of what was given only the chosen context is kept, and of it only what opens the cluster", () => {
  const users = [
    { name: "proviso", user: { token: "secret", as: "system:admin" } },
    { name: "other", user: { exec: { command: "sh" } } },
  ];
  const read = readKubeconfig(kubeconfig({ cluster: { "proxy-url": "http://proxy" }, rest: { users } }));
  expect(read.ok && JSON.parse(read.kept)).toMatchObject({
    clusters: [{ cluster }],
    users: [{ user: { token: "secret" } }],
  });
  expect(read.ok && read.kept).not.toMatch(/exec|proxy|system:admin/);
});

test.each([
  ["a program to run", { user: { exec: { command: "aws" } } }, "exec"],
  ["a plugin", { user: { "auth-provider": { name: "gcp" } } }, "auth-provider"],
  ["a token of a file", { user: { tokenFile: "/etc/token" } }, "tokenFile"],
  ["a certificate of a file", { cluster: { "certificate-authority": "/ca.crt" } }, "certificate-authority-data"],
  ["a key of a file", { user: { token: "t", "client-key": "/key" } }, "client-key-data"],
  ["no check of the certificate", { cluster: { "insecure-skip-tls-verify": true } }, "certificate-authority-data"],
  ["no TLS", { cluster: { server: "http://10.0.0.1:8080" } }, "https"],
  ["a password in the address", { cluster: { server: "https://me:secret@10.0.0.1" } }, "password"],
  ["nobody to be", { user: {} }, "no token"],
  ["a context that is not there", { rest: { "current-context": "other" } }, "no context other"],
  ["no context", { rest: { "current-context": undefined } }, "current-context"],
])("%s is refused with what to do", (_what, change, words) => {
  expect(problemOf(kubeconfig(change))).toContain(words);
});

test("what is no YAML, or unfolds without end, is refused and no exception", () => {
  expect(problemOf("a: [")).toContain("no kubeconfig");
  expect(problemOf("just words")).toContain("no kubeconfig");
  const bomb = `a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`;
  expect(problemOf(bomb)).not.toBeNull();
});
