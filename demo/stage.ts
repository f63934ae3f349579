import { join } from 'node:path';
import type { Deployment } from './deployment';
import type { SettledBucket } from './engine/bucket-encryption';
import type { CdkOptions } from './engine/cdk';
import { runCommand } from './engine/command';
import type { EngineLimit } from './matrix/upload-case';
import type { EnforcerWorld } from './policy/enforcer-rights';
import type { RenderedRole } from './policy/rendered';
import { projectFolder } from './run';

/** Everything that the demo knows once it has deployed. */
export interface Stage {
  readonly limits: readonly EngineLimit[];
  readonly deployment: Deployment;
  readonly settled: readonly SettledBucket[];
  /** What decides on AWS. */
  readonly world: EnforcerWorld;
  /** Names of the stacks. */
  readonly stacks: readonly string[];
  /** Who uploads, where the key is in another account, so that its own policies are half of the permission. */
  readonly application?: RenderedRole;
}

export async function bundle({ env, signal }: CdkOptions): Promise<void> {
  const script = join(projectFolder, 'lambda', 'bundle.mjs');
  await runCommand('node lambda/bundle.mjs', process.execPath, [script], { cwd: projectFolder, env, signal, timeoutMillis: 60_000 });
}
