import { mkdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runCommand } from './command';
import { ENGINE_ACCOUNT, ENGINE_REGION } from './environment';

const root = join(__dirname, '..', '..');
/** The CLI of this project's lock, never one that npx would fetch. */
const cli = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk');

export interface CdkOptions {
  /** A folder of this run: the cloud assembly, the outputs and the CLI's own cache go there. */
  readonly folder: string;
  /** How to reach the engine: see `clientEnvironment`. */
  readonly env: NodeJS.ProcessEnv;
  /** @default - those of the local engine */
  readonly account?: string;
  readonly region?: string;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** What of an app is deployed. */
export interface DeployOptions {
  /** @default - all */
  readonly stacks?: readonly string[];
  /** What a person gives with `-c`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Outputs of a stack by name. */
export type StackOutputs = Readonly<Record<string, string>>;

/** `cdk bootstrap`, by the real CLI. Away from the project's cdk.json: its app has no part in this and would be run. */
export async function bootstrap(options: CdkOptions): Promise<void> {
  const { account = ENGINE_ACCOUNT, region = ENGINE_REGION } = options;
  await cdk(['bootstrap', `aws://${account}/${region}`], 120_000, options.folder, options);
}

/** `cdk deploy` of the stacks of an app (a TypeScript file), by the real CLI. Returns the outputs of each stack. */
export async function deploy(
  app: string,
  options: CdkOptions,
  { stacks = ['--all'], context = {} }: DeployOptions = {},
): Promise<Readonly<Record<string, StackOutputs>>> {
  const outputs = join(options.folder, 'outputs.json');
  const run = `node --require tsx/cjs "${app}"`;
  const settings = Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const flags = [...stacks, ...settings, '--app', run, '--output', assemblyFolder(options), '--outputs-file', outputs];
  await cdk(['deploy', ...flags, '--require-approval', 'never', '--progress', 'events'], 240_000, root, options);
  return JSON.parse(readFileSync(outputs, 'utf8'));
}

/** Where `deploy` leaves the synthesized templates. */
export function assemblyFolder(options: Pick<CdkOptions, 'folder'>): string {
  return join(options.folder, 'cdk.out');
}

async function cdk(args: readonly string[], timeoutMillis: number, cwd: string, options: CdkOptions): Promise<void> {
  mkdirSync(options.folder, { recursive: true });
  const quiet = ['--no-notices', '--no-version-reporting', '--no-color', '--ci'];
  const env = {
    ...options.env,
    // The CLI runs the app through a shell: with the Node that runs us.
    PATH: [dirname(process.execPath), options.env['PATH']].join(delimiter),
    CDK_HOME: join(options.folder, 'cdk-home'),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DISABLE_VERSION_CHECK: 'true',
  };
  await runCommand(`cdk ${args[0]}`, process.execPath, [cli, ...args, ...quiet], { ...options, cwd, env, timeoutMillis });
}
