import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotRun } from './cannot-run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const lock = join(root, 'package-lock.json');
/** npm writes this file as the last thing of an installation. */
const installedLock = join(root, 'node_modules', '.package-lock.json');
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const stamp = join(root, 'node_modules', '.installed-lock-sha256');

/** Runs `npm ci` if node_modules is missing or does not belong to package-lock.json. */
export async function ensureInstalled() {
  if (!isInstalled()) await install();
  if (readStamp() !== hashOfLock()) writeFileSync(stamp, hashOfLock());
}

/** By content, since a checkout touches times; by time where npm was run by hand and left no stamp. */
function isInstalled() {
  if (!existsSync(installedLock)) return false;
  return readStamp() === hashOfLock() || statSync(installedLock).mtimeMs >= statSync(lock).mtimeMs;
}

function readStamp() {
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
}

function hashOfLock() {
  return createHash('sha256').update(readFileSync(lock)).digest('hex');
}

async function install() {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  console.log('Installing npm packages (npm ci; half a minute the first time) …');
  const heartbeat = setInterval(() => console.log(`  … still installing, ${seconds()}`), 10_000);
  try {
    await npmCi();
  } finally {
    clearInterval(heartbeat);
  }
  console.log(`  installed in ${seconds()}`);
}

function npmCi() {
  const [command, ...args] = npm();
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const errors = [];
    child.stderr.on('data', (chunk) => errors.push(chunk));
    const stopForwarding = forwardSignals(child);
    child.on('error', (error) => reject(npmFailure(error.message)));
    child.on('close', (code) => {
      const interrupted = stopForwarding();
      if (interrupted) reject(new CannotRun('interrupted while npm was installing', 'Run again to finish the installation.'));
      else if (code !== 0) reject(npmFailure(reasonIn(Buffer.concat(errors).toString('utf8'))));
      else resolve();
    });
  });
}

/** npm ends when we are told to end. The answer says at the end whether that happened. */
function forwardSignals(child) {
  let interrupted = false;
  const forward = (signal) => {
    interrupted = true;
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  return () => {
    for (const signal of SIGNALS) process.off(signal, forward);
    return interrupted;
  };
}

/** The npm that runs us, else the one on the PATH. */
function npm() {
  const running = process.env.npm_execpath;
  return running && basename(running) === 'npm-cli.js' ? [process.execPath, running] : ['npm'];
}

function npmFailure(reason) {
  return new CannotRun(`npm ci failed (${reason})`, 'Check the network and the npm registry setting, then run again.');
}

/** Of what npm prints, the first line that is a sentence rather than a field. */
function reasonIn(output) {
  const lines = output.split('\n').map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim());
  return lines.find((line) => line.length > 40) ?? lines.find((line) => line !== '') ?? 'no reason given';
}
