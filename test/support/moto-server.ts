import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ENGINE_REGION } from '../../demo/engine/environment';
import { type Server, startServer } from '../../demo/engine/server';

const ROOT = join(__dirname, '..', '..');

/** The account that moto puts everybody in. */
export const MOTO_ACCOUNT = '123456789012';

/** Long enough for an installation, which tells how far it is. */
export const MOTO_START_MILLIS = 660_000;

/** All that a client of moto needs: the environment speaks of the other engine, and is not asked. */
export interface MotoClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Moto extends Pick<Server, 'endpoint' | 'stop'> {
  readonly clientConfig: MotoClientConfig;
  /** What had to be changed about moto to make it answer as AWS does. Grows as it is found out. */
  readonly workarounds: readonly string[];
  /** What moto was asked while `work` was going on, such as `HEAD /bucket/key?versionId=x`. */
  requestsDuring<T>(work: () => Promise<T>): Promise<{ result: T; requests: string[] }>;
}

/** A second model of S3, KMS, SSM and EventBridge, by other authors: the server of moto, on a port of its own. */
export async function startMoto(): Promise<Moto> {
  const python = await pythonWithMoto();
  const requests: string[] = [];
  const workarounds: string[] = [];
  const program = {
    title: 'the moto server',
    command: (port: number) => [python, join(__dirname, 'start_moto.py'), '-H', '127.0.0.1', '-p', String(port)],
    // Nothing of ours: it could find its way to an endpoint or to credentials of somebody else.
    environment: (_: number, temp: string) => ({
      PATH: process.env['PATH'],
      HOME: temp,
      TMPDIR: temp,
      LANG: 'C.UTF-8',
      PYTHONUNBUFFERED: '1',
    }),
    readyPath: '/moto-api/',
  };
  const server = await startServer(program, {
    onLine: (line) => {
      const request = /([A-Z]+ \/\S*) HTTP\/1\.1/.exec(line)?.[1];
      if (request !== undefined) requests.push(request);
      if (!line.startsWith('worked around: ')) return;
      workarounds.push(line);
      process.stderr.write(`${line}\n`);
    },
  });
  server.dead.addEventListener('abort', () => console.error(server.dead.reason.report));
  const credentials = { accessKeyId: 'moto', secretAccessKey: 'moto' };
  return {
    endpoint: server.endpoint,
    stop: server.stop,
    workarounds,
    clientConfig: { endpoint: server.endpoint, region: ENGINE_REGION, credentials },
    requestsDuring: async (work) => {
      const start = await mark(server, requests, 'start');
      const result = await work();
      return { result, requests: requests.slice(start + 1, await mark(server, requests, 'end')) };
    },
  };
}

/** moto writes a line for each request before it answers, but the line takes its time to us: so one is waited for. */
async function mark(server: Server, requests: readonly string[], name: string): Promise<number> {
  const path = `/moto-api/?${name}=${requests.length}-${process.hrtime.bigint()}`;
  await fetch(`${server.endpoint}${path}`);
  const deadline = Date.now() + 10_000;
  while (!requests.includes(`GET ${path}`)) {
    server.dead.throwIfAborted();
    if (Date.now() > deadline) throw new Error(`The moto server does not tell of the request GET ${path}.`);
    await sleep(5);
  }
  return requests.indexOf(`GET ${path}`);
}

/** What it tells while it installs comes through as it is; if it cannot, it has said why. */
async function pythonWithMoto(): Promise<string> {
  const running = promisify(execFile)(process.execPath, [join(ROOT, 'scripts', 'python-tools.mjs'), 'moto']);
  running.child.stderr?.pipe(process.stderr, { end: false });
  return (await running).stdout.trim();
}
