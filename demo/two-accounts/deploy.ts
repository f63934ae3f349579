import { join } from 'node:path';
import { GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { Deployment } from '../deployment';
import { type CdkOptions, deploy } from '../engine/cdk';
import type { Resource } from '../engine/deployed-stack';
import { credentialsOf, ENGINE_ACCOUNT, FOREIGN_ACCOUNT } from '../engine/environment';
import { renderValue } from '../policy/rendered';
import type { Policy } from '../policy/simulate';

/** The example of the README, deployed as it says: the owner of the key first, then its consumer, each in an account of its own. */
const EXAMPLE = join(__dirname, '..', '..', 'examples', 'cross-account-key.ts');

export const KEY_ACCOUNT = ENGINE_ACCOUNT;
export const DATA_ACCOUNT = FOREIGN_ACCOUNT;
export const KEY_STACK = 'KeyOwner';
export const DATA_STACK = 'KeyConsumer';

export type RegionalCdkOptions = CdkOptions & Required<Pick<CdkOptions, 'region'>>;

/** With credentials of that account and of no other. */
export function inAccount(account: string, cdk: RegionalCdkOptions): RegionalCdkOptions {
  return { ...cdk, account, env: { ...cdk.env, AWS_ACCESS_KEY_ID: account } };
}

/** Deploys the key account. Returns the ARN of the key, which its consumer has to be told. */
export async function deployKeyOwner(cdk: RegionalCdkOptions): Promise<string> {
  const outputs = await deploy(EXAMPLE, inAccount(KEY_ACCOUNT, cdk), { stacks: [KEY_STACK], context: settingsFor(cdk.region) });
  const keyArn = outputs[KEY_STACK]?.['KeyArn'];
  if (keyArn === undefined) throw new Error(`The stack ${KEY_STACK} was deployed without its output KeyArn.`);
  return keyArn;
}

/** Deploys the data account. */
export async function deployKeyConsumer(cdk: RegionalCdkOptions, keyArn: string): Promise<void> {
  const context = { ...settingsFor(cdk.region), sharedKeyArn: keyArn };
  await deploy(EXAMPLE, inAccount(DATA_ACCOUNT, cdk), { stacks: [DATA_STACK], context });
}

export function exchangeBucketIn(region: string): string {
  return `exchange-${DATA_ACCOUNT}-${region}`;
}

function settingsFor(region: string): Record<string, string> {
  return { keyAccount: KEY_ACCOUNT, dataAccount: DATA_ACCOUNT, region, exchangeBucket: exchangeBucketIn(region) };
}

/** The policy of the key as it was deployed. The engine tells it to the account of the key only. */
export async function deployedKeyPolicy(keyArn: string): Promise<Policy> {
  const client = new KMSClient({ credentials: credentialsOf(KEY_ACCOUNT) });
  const { Policy: text } = await client.send(new GetKeyPolicyCommand({ KeyId: keyArn }));
  if (text === undefined) throw new Error(`The engine tells no policy of key ${keyArn}.`);
  return JSON.parse(text);
}

/** What the stack of the consumer, which has no outputs, deployed under which names. */
export function consumerDeployment(resources: readonly Resource[], region: string): Omit<Deployment, 'KmsBucketKey' | 'OtherKey'> {
  const exchange = exchangeBucketIn(region);
  const key = onlyOne('AWS::KMS::Key', resources);
  const arn = renderValue({ 'Fn::GetAtt': [key.logicalId, 'Arn'] }, resources, { account: DATA_ACCOUNT, region });
  return {
    KmsBucket: exchange,
    QuarantineBucket: onlyOne('AWS::S3::Bucket', resources, exchange).physicalId,
    QuarantineKey: String(arn),
    EnforcerLogs: onlyOne('AWS::Logs::LogGroup', resources).physicalId,
  };
}

function onlyOne(type: string, resources: readonly Resource[], besides?: string): Resource {
  const [resource, ...others] = resources.filter((each) => each.type === type && each.physicalId !== besides);
  if (resource === undefined || others.length > 0) throw new Error(`The demo expects one ${type} in the stack ${DATA_STACK}.`);
  return resource;
}
