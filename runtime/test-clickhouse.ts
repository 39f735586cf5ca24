import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { childEnvironment } from "./env";
import { until } from "./test-host";
import { ROOT, TYPESCRIPT } from "./typescript-loader";

const PASSWORD = "password-of-the-test-engine";
const MIGRATIONS = path.join(ROOT, "lib/clickhouse/migrations");

/** The embedded ClickHouse engine in its own process with the product's tables; it may be killed and started again on its port. */
export class TestClickHouse {
  private readonly dir = mkdtempSync(path.join(tmpdir(), "runtime-ch-"));
  private child: ChildProcess | undefined;
  private port = 0;

  get url(): string {
    return `http://default:${PASSWORD}@127.0.0.1:${this.port}/default`;
  }

  async start(): Promise<void> {
    const data = path.join(this.dir, "data");
    const isFirst = this.port === 0;
    if (isFirst) writeFileSync(`${data}.secret`, PASSWORD, { mode: 0o600 });
    const args = [...TYPESCRIPT, path.join(ROOT, "embedded/clickhouse/main.ts"), data, String(this.port)];
    const env = { ...childEnvironment(), UV_THREADPOOL_SIZE: "16" };
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: "pipe", env });
    this.child = child;
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    await until(
      () => `the ClickHouse engine to listen: ${output}`,
      async () => {
        if (child.exitCode !== null) throw new Error(`the ClickHouse engine ended: ${output}`);
        this.port ||= Number(/"port":(\d+)/.exec(output)?.[1] ?? 0);
        return this.port > 0 && (await fetch(`http://127.0.0.1:${this.port}/ping`)).ok;
      },
    );
    if (isFirst) await this.migrate();
  }

  async kill(): Promise<void> {
    const { child } = this;
    const gone = new Promise((resolve) => child?.once("exit", resolve));
    child?.kill("SIGKILL");
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }

  async query<Row>(sql: string): Promise<Row[]> {
    const text = await this.command(`${sql} FORMAT JSONEachRow`);
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Row);
  }

  async command(sql: string): Promise<string> {
    const headers = { "x-clickhouse-user": "default", "x-clickhouse-key": PASSWORD };
    const settings = "output_format_json_quote_64bit_integers=0";
    const response = await fetch(`http://127.0.0.1:${this.port}/?${settings}`, { method: "POST", headers, body: sql });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text;
  }

  private async migrate(): Promise<void> {
    for (const file of readdirSync(MIGRATIONS).sort()) {
      const lines = readFileSync(path.join(MIGRATIONS, file), "utf8").split("\n");
      const code = lines.filter((line) => !line.trimStart().startsWith("--")).join("\n");
      for (const statement of code.split(/;[ \t]*(?:\n|$)/)) if (statement.trim()) await this.command(statement);
    }
  }
}
