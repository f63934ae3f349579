import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { CannotRun, reportAndSetExitCode } from './cannot-run.mjs';
import { findPython } from './find-python.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
const MAX_OUTPUT = 64 * 1024 * 1024;

/**
 * The Python that has what `requirements/<name>.txt` locks, in a private virtual environment; makes it if it is not there
 * yet. Another lock or another Python is another environment.
 */
export async function pythonWith(name) {
  const lock = join(root, 'requirements', `${name}.txt`);
  const { path, version } = findPython();
  const fingerprint = createHash('sha256').update(readFileSync(lock)).update(version).digest('hex').slice(0, 12);
  const folder = join(root, '.venv', `${name}-${fingerprint}`);
  const python = pythonIn(folder);
  if (!existsSync(python)) await install(name, lock, path, folder);
  return python;
}

/** Runs that Python. Tools speak with exit codes, so none of them is an error here. */
export async function runPython(tool, python, args, timeoutMillis) {
  try {
    const { stdout, stderr } = await run(python, args, { cwd: root, timeout: timeoutMillis, maxBuffer: MAX_OUTPUT });
    return { code: 0, stdout, stderr };
  } catch (error) {
    if (typeof error.code === 'number') return { code: error.code, stdout: error.stdout, stderr: error.stderr };
    const what = error.killed ? `did not end within ${timeoutMillis / 1000} s` : `could not be run (${error.message})`;
    throw new CannotRun(`${tool} ${what}`, 'Run again; if it stays so, delete the folder .venv.');
  }
}

/** Says so on standard error: what it is asked for goes to standard output. */
async function install(name, lock, python, folder) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  console.error(`Installing requirements/${name}.txt into .venv (a minute or two, the first time) …`);
  const heartbeat = setInterval(() => console.error(`  … still installing, ${seconds()}`), 10_000);
  try {
    await buildAside(name, lock, python, folder);
  } finally {
    clearInterval(heartbeat);
  }
  console.error(`  installed in ${seconds()}`);
}

/** The folder gets its name when it is complete: an interrupted installation is never taken for one. */
async function buildAside(name, lock, python, folder) {
  const building = `${folder}.building-${process.pid}`;
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
  const options = { env: { ...process.env, PIP_USER: '0' }, timeout: 600_000, maxBuffer: MAX_OUTPUT };
  mkdirSync(join(root, '.venv'), { recursive: true });
  try {
    await run(python, ['-m', 'venv', building], options);
    await run(pythonIn(building), [...pip, '--require-hashes', '--only-binary', ':all:', '-r', lock], options);
    // Another run may have finished first; then its environment is as good as ours.
    if (existsSync(pythonIn(folder))) return;
    rmSync(folder, { recursive: true, force: true });
    renameSync(building, folder);
  } catch (error) {
    const reason = (error.stderr || error.message).trim().split('\n').at(-1);
    const remedy = 'Check the network, free disk space and the setting of pip (pip config list), then run again.';
    throw new CannotRun(`requirements/${name}.txt could not be installed (${reason})`, remedy);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

/** Used as `python -m`, never through its scripts: those know the folder by its first name. */
function pythonIn(folder) {
  return join(folder, 'bin', 'python');
}

// Run as a program, with the name of a lock, it prints that Python: how TypeScript code, compiled to CommonJS, reaches this module.
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(await pythonWith(process.argv[2]));
  } catch (error) {
    reportAndSetExitCode(error);
  }
}
