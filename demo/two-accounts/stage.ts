import { settleBucketEncryption } from '../engine/bucket-encryption';
import { CannotRun } from '../engine/cannot-run';
import { assemblyFolder, bootstrap } from '../engine/cdk';
import { deployedResources } from '../engine/deployed-stack';
import { ENGINE_REGION, useAccount } from '../engine/environment';
import { type ProbedEngine, probeEngine } from '../engine/limits';
import type { Phases } from '../phases';
import { renderedRole, renderedRoleNamed } from '../policy/rendered';
import type { Run } from '../run';
import { bundle, type Stage } from '../stage';
import { createOwnKey } from '../uploads/foreign-keys';
import {
  consumerDeployment,
  DATA_ACCOUNT,
  DATA_STACK,
  deployedKeyPolicy,
  deployKeyConsumer,
  deployKeyOwner,
  inAccount,
  KEY_ACCOUNT,
  KEY_STACK,
  type RegionalCdkOptions,
} from './deploy';

/** `npm start -- --accounts 2`: `examples/cross-account-key.ts`. Leaves this process in the data account, where the objects are. */
export async function deployTwoAccounts(run: Run, phases: Phases): Promise<Stage> {
  const { limits } = await phases.run('probe', 'Asking the engine in what it is not like AWS, in both accounts', probeAccounts);
  const region = process.env['AWS_REGION'] ?? ENGINE_REGION;
  const cdk: RegionalCdkOptions = { folder: run.folder, env: process.env, signal: run.signal, region };
  await phases.run('bundle', 'Bundling the Lambda function', () => bundle(cdk));
  await phases.run('bootstrap', `cdk bootstrap, in ${KEY_ACCOUNT} and in ${DATA_ACCOUNT}`, async () => {
    for (const account of [KEY_ACCOUNT, DATA_ACCOUNT]) await bootstrap(inAccount(account, cdk));
  });
  const keyArn = await phases.run('deployKey', `cdk deploy ${KEY_STACK}, in ${KEY_ACCOUNT}`, () => deployKeyOwner(cdk));
  await phases.run('deploy', `cdk deploy ${DATA_STACK}, in ${DATA_ACCOUNT}`, () => deployKeyConsumer(cdk, keyArn));
  const settled = await phases.run('settle', 'Asking the engine for the encryption of each bucket', () =>
    settleBucketEncryption(DATA_STACK, assemblyFolder(cdk)),
  );
  const resources = await deployedResources(DATA_STACK, assemblyFolder(cdk));
  const deployment = { ...consumerDeployment(resources, region), KmsBucketKey: keyArn, OtherKey: await createOwnKey() };
  const home = { account: DATA_ACCOUNT, region };
  const { QuarantineBucket: quarantineBucket, QuarantineKey: quarantineKey } = deployment;
  const keyPolicies = { [keyArn]: await deployedKeyPolicy(keyArn) };
  const world = { home, resources, role: renderedRole(resources, home), quarantineBucket, quarantineKey, keyPolicies };
  const application = renderedRoleNamed('Application', resources, home);
  return { limits, deployment, settled, world, application, stacks: [KEY_STACK, DATA_STACK] };
}

async function probeAccounts(): Promise<ProbedEngine> {
  await probeAs(KEY_ACCOUNT);
  return probeAs(DATA_ACCOUNT);
}

/** @throws CannotRun where the engine does not keep accounts apart */
async function probeAs(account: string): Promise<ProbedEngine> {
  useAccount(account);
  const probed = await probeEngine();
  if (probed.account === account) return probed;
  throw new CannotRun(
    `this engine takes the access key id ${account} for the account ${probed.account}, and two accounts are asked for`,
    'Use an engine that takes it for the account of that number, or leave out --accounts.',
  );
}
