import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CannotRun } from './cannot-run';
import { CommandFailed, runCommand } from './command';

const root = join(__dirname, '..', '..');
const lock = join(root, 'requirements', 'engine.txt');

export interface InstallOptions {
  readonly signal?: AbortSignal;
  /** Told once, if there is something to install. */
  readonly onInstall?: () => void;
}

/** The Python that has the engine; installs it into a private virtual environment if it is not there yet. */
export async function installEngine(options: InstallOptions = {}): Promise<string> {
  const python = await findPython();
  const folder = join(root, '.venv', `engine-${fingerprint(python.version)}`);
  const engine = pythonIn(folder);
  if (existsSync(engine)) return engine;
  options.onInstall?.();
  await buildAside(folder, (building) => fill(building, python.path, options.signal));
  return engine;
}

/** Another lock or another Python is another environment. */
function fingerprint(pythonVersion: string): string {
  return createHash('sha256').update(readFileSync(lock)).update(pythonVersion).digest('hex').slice(0, 12);
}

/** The folder gets its name when it is complete: an interrupted installation is never taken for one. */
async function buildAside(folder: string, build: (building: string) => Promise<void>): Promise<void> {
  const building = `${folder}.building-${process.pid}`;
  mkdirSync(join(root, '.venv'), { recursive: true });
  try {
    await build(building);
    moveInto(folder, building);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

function moveInto(folder: string, building: string): void {
  // Another run may have finished first; then its environment is as good as ours.
  if (existsSync(pythonIn(folder))) return;
  rmSync(folder, { recursive: true, force: true });
  renameSync(building, folder);
}

async function fill(folder: string, python: string, signal: AbortSignal | undefined): Promise<void> {
  const options = { cwd: root, env: { ...process.env, PIP_USER: '0' }, timeoutMillis: 300_000, signal };
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
  const pinned = ['--require-hashes', '--only-binary', ':all:', '-r', lock];
  try {
    await runCommand('python -m venv', python, ['-m', 'venv', folder], options);
    await runCommand('pip install', pythonIn(folder), [...pip, ...pinned], options);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new CannotRun(
      `the local AWS engine could not be installed: ${error.problem} (${lastLine(error.output)})`,
      'Check the network, free disk space and the setting of pip (pip config list), then run again.',
    );
  }
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}

/** Started as a module of this Python, never through its scripts: those know the folder by its first name. */
function pythonIn(folder: string): string {
  return join(folder, 'bin', 'python');
}

/** Asked of the script that `npm start` asked before anything was installed, so that both find the same one. */
async function findPython(): Promise<{ path: string; version: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'scripts', 'find-python.mjs')]);
    return JSON.parse(stdout);
  } catch (error) {
    const told = (error as { stderr?: string }).stderr?.match(/^Cannot run: (.*)\. (.*\.)$/m);
    if (told?.[1] && told[2]) throw new CannotRun(told[1], told[2]);
    throw error;
  }
}
