import { CannotRun } from './cannot-run.mjs';

const MINIMUM = [20, 16];

/** An old Node fails later in ways nobody understands, so it is refused first. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  throw new CannotRun(`Node ${version} is too old`, `Install Node ${MINIMUM.join('.')} or newer.`);
}
