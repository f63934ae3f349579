import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settleBucketEncryption } from '../../demo/engine/bucket-encryption';
import { assemblyFolder, bootstrap } from '../../demo/engine/cdk';
import { deployedResources } from '../../demo/engine/deployed-stack';
import { ENGINE_REGION, useAccount } from '../../demo/engine/environment';
import type { EnforcerWorld } from '../../demo/policy/enforcer-rights';
import { type RenderedRole, renderedRole, renderedRoleNamed, renderValue } from '../../demo/policy/rendered';
import type { Policy } from '../../demo/policy/simulate';
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
} from '../../demo/two-accounts/deploy';

export interface TwoAccounts {
  readonly keyArn: string;
  /** As the engine has it, and as the template says. */
  readonly keyPolicy: Policy;
  readonly templatePolicy: unknown;
  readonly exchange: string;
  readonly logs: string;
  /** What decides on AWS, with the role of the enforcer. */
  readonly world: EnforcerWorld;
  readonly application: RenderedRole;
}

/** Deploys `examples/cross-account-key.ts` to two accounts with the real CDK CLI. From then on, clients of this process work in the data account. */
export async function deployTwoAccounts(): Promise<TwoAccounts> {
  const folder = mkdtempSync(join(tmpdir(), 'two-accounts-emulator-'));
  try {
    const region = ENGINE_REGION;
    const cdk = { folder, env: process.env, region };
    for (const account of [KEY_ACCOUNT, DATA_ACCOUNT]) await bootstrap(inAccount(account, cdk));
    const keyArn = await deployKeyOwner(cdk);
    await deployKeyConsumer(cdk, keyArn);
    useAccount(DATA_ACCOUNT);
    await settleBucketEncryption(DATA_STACK, assemblyFolder(cdk));
    const resources = await deployedResources(DATA_STACK, assemblyFolder(cdk));
    const home = { account: DATA_ACCOUNT, region };
    const keyPolicy = await deployedKeyPolicy(keyArn);
    const {
      KmsBucket: exchange,
      QuarantineBucket: quarantineBucket,
      QuarantineKey: quarantineKey,
      EnforcerLogs: logs,
    } = consumerDeployment(resources, region);
    return {
      keyArn,
      keyPolicy,
      templatePolicy: keyPolicyIn(join(assemblyFolder(cdk), `${KEY_STACK}.template.json`)),
      exchange,
      logs,
      world: {
        home,
        resources,
        role: renderedRole(resources, home),
        quarantineBucket,
        quarantineKey,
        keyPolicies: { [keyArn]: keyPolicy },
      },
      application: renderedRoleNamed('Application', resources, home),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function keyPolicyIn(path: string): unknown {
  const { Resources } = JSON.parse(readFileSync(path, 'utf8'));
  const [key, ...others] = Object.values<{ Type: string; Properties: { KeyPolicy: unknown } }>(Resources).filter(
    ({ Type }) => Type === 'AWS::KMS::Key',
  );
  if (key === undefined || others.length > 0) throw new Error(`${path} has not one key.`);
  return renderValue(key.Properties.KeyPolicy, [], { account: KEY_ACCOUNT, region: ENGINE_REGION });
}
