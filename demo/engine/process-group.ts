import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A program and everything it starts form one process group of their own: a Ctrl-C in the terminal reaches only us,
 * and we end the group as a whole, children of children included.
 */
const living = new Set<number>();

// The last resort, for exits that leave no time to wait.
process.on('exit', () => {
  for (const group of living) signalGroup(group, 'SIGKILL');
});

export function spawnGroup(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const leader = spawn(command, args, { ...options, detached: true });
  if (leader.pid !== undefined) living.add(leader.pid);
  return leader;
}

/**
 * Kills what is left of a group; nothing in it holds state that would be worth a softer end. Waits until nothing is left,
 * but not for long: what has been killed may stay listed until a slow init process takes note of it.
 */
export async function endGroup(leader: ChildProcess): Promise<void> {
  const group = leader.pid;
  if (group === undefined) return;
  const deadline = Date.now() + 1_000;
  while (signalGroup(group, 'SIGKILL') && Date.now() < deadline) await sleep(20);
  living.delete(group);
}

/** False if the group has no member any more. */
function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}
