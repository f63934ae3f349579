import { join } from 'node:path';
import { DEMO_STACK, deploymentFrom } from './deployment';
import { settleBucketEncryption } from './engine/bucket-encryption';
import { assemblyFolder, bootstrap, type CdkOptions, deploy } from './engine/cdk';
import { deployedResources } from './engine/deployed-stack';
import { ENGINE_REGION } from './engine/environment';
import { probeEngine } from './engine/limits';
import type { Phases } from './phases';
import { renderedRoleNamed } from './policy/rendered';
import type { Run } from './run';
import { bundle, type Stage } from './stage';

/** `npm start`: the four buckets of `demo/app.ts`, or of another app with the same outputs. */
export async function deployOneAccount(run: Run, phases: Phases, app: string): Promise<Stage> {
  const { account, limits } = await phases.run('probe', 'Asking the engine in what it is not like AWS', () => probeEngine());
  const { env } = process;
  const home = { account, region: env['AWS_REGION'] ?? ENGINE_REGION };
  const cdk: CdkOptions = { folder: run.folder, env, signal: run.signal, ...home };
  await phases.run('bundle', 'Bundling the Lambda function', () => bundle(cdk));
  await phases.run('bootstrap', 'cdk bootstrap', () => bootstrap(cdk));
  const outputs = await phases.run('deploy', 'cdk deploy', () => deploy(join(__dirname, app), cdk));
  const deployment = deploymentFrom(outputs[DEMO_STACK]);
  const settled = await phases.run('settle', 'Asking the engine for the encryption of each bucket', () =>
    settleBucketEncryption(DEMO_STACK, assemblyFolder(cdk)),
  );
  const resources = await deployedResources(DEMO_STACK, assemblyFolder(cdk));
  const { QuarantineBucket: quarantineBucket, QuarantineKey: quarantineKey } = deployment;
  const world = { home, resources, role: renderedRoleNamed('EnforcerRole', resources, home), quarantineBucket, quarantineKey };
  return { limits, deployment, settled, world, stacks: [DEMO_STACK] };
}
