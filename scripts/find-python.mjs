import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { CannotRun, reportAndSetExitCode } from './cannot-run.mjs';

const MINIMUM = [3, 10];
const NAMES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

const PROBE = `
import importlib.util, json, sys
missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
print(json.dumps({"path": sys.executable, "version": "%d.%d.%d" % sys.version_info[:3], "canMakeVenv": not missing}))
`;

/** The first Python of this machine that can carry the local AWS engine: `{ path, version }`. */
export function findPython() {
  const recent = NAMES.map(probe).filter((python) => python !== undefined && isRecent(python.version));
  const usable = recent.find((python) => python.canMakeVenv);
  if (usable) return { path: usable.path, version: usable.version };
  if (recent.length > 0) {
    throw new CannotRun(`Python ${recent[0].version} has no venv module`, 'Install it (Debian, Ubuntu: apt install python3-venv).');
  }
  throw new CannotRun(
    `no Python >= ${MINIMUM.join('.')} was found (the local AWS engine needs one)`,
    'Install Python 3 with venv (Debian, Ubuntu: apt install python3 python3-venv).',
  );
}

/** Asks the interpreter itself: a name on the PATH may be a shim for a version that is not installed. */
function probe(name) {
  try {
    const answer = execFileSync(name, ['-c', PROBE], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 10_000 });
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}

function isRecent(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

// Run as a program, it prints what it found: that is how TypeScript code, compiled to CommonJS, reaches this module.
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(JSON.stringify(findPython()));
  } catch (error) {
    reportAndSetExitCode(error);
  }
}
