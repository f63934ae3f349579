import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { Ending } from '../matrix/upload-case';
import type { EncryptionHeaders } from '../uploads/headers';
import type { AskedUpload } from './bucket-policy';
import { inContext } from './encryption-context';
import { type KeyWorld, keyPolicyOf } from './key-policy';
import { type RenderedRole, renderedResourcePolicy } from './rendered';
import { contextOfHeaders, OVER_HTTPS } from './request-context';
import { literal, type Policy, simulate } from './simulate';

/** The deployed stack, as far as it decides what the enforcer may do. */
export interface EnforcerWorld extends KeyWorld {
  readonly role: RenderedRole;
  readonly quarantineBucket: string;
  readonly quarantineKey: string;
}

/** How an upload would end on AWS, where the enforcer's role and the state of keys matter. */
export interface EndingOnAws {
  readonly ending: Ending;
  /** Absent where it ends as on the engine. */
  readonly because?: string;
}

interface Step {
  readonly action: string;
  readonly resource: string;
  readonly account: string;
  readonly resourcePolicy?: Policy | undefined;
  readonly context: Readonly<Record<string, string>>;
  /** `aws:s3:arn` of the encryption context, for KMS. */
  readonly encryptionContext?: string;
}

/**
 * Asks for each request that the enforcer made whether AWS would have let it: the rendered policies of its role, of both
 * buckets and of the keys, evaluated offline. What may not be moved is tagged, what may not be tagged is reported.
 */
export async function endingOnAws(observed: Ending, upload: AskedUpload, world: EnforcerWorld): Promise<EndingOnAws> {
  if (!['tagged', 'quarantined'].includes(observed.outcome)) return { ending: observed };
  const because = observed.outcome === 'quarantined' ? await whyNot(stepsOfMove(upload, world), world) : undefined;
  const untagged = observed.outcome === 'tagged' || because !== undefined ? await whyNot([tagging(upload, world)], world) : undefined;
  const { reason } = observed;
  if (untagged !== undefined) return { ending: { outcome: 'reported', reason, location: 'its bucket' }, because: untagged };
  if (because !== undefined) return { ending: { outcome: 'tagged', reason, location: 'its bucket, tagged' }, because };
  return { ending: observed };
}

/** In the order in which they are made. The source's key is asked first, since it is what copies fail for. */
function stepsOfMove(upload: AskedUpload, world: EnforcerWorld): Step[] {
  const { quarantineBucket, quarantineKey } = world;
  const headers: EncryptionHeaders = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: quarantineKey };
  return [
    ...decrypting(upload, world),
    onObject('s3:GetObjectVersion', upload, world),
    onObject('s3:PutObject', { bucket: quarantineBucket, key: 'objects/some-object', headers }, world, contextOfHeaders(headers)),
    onKey('kms:GenerateDataKey', quarantineKey, `arn:aws:s3:::${quarantineBucket}/objects/some-object`, world),
    onObject('s3:DeleteObjectVersion', upload, world),
  ];
}

function tagging(upload: AskedUpload, world: EnforcerWorld): Step {
  return onObject('s3:PutObjectVersionTagging', upload, world);
}

function decrypting({ bucket, key, headers: { SSEKMSKeyId: keyArn } }: AskedUpload, world: EnforcerWorld): Step[] {
  return keyArn === undefined ? [] : [onKey('kms:Decrypt', keyArn, `arn:aws:s3:::${bucket}/${key}`, world)];
}

function onObject(action: string, { bucket, key }: AskedUpload, { home, resources }: EnforcerWorld, context: Step['context'] = {}): Step {
  return {
    action,
    resource: `arn:aws:s3:::${bucket}/${key}`,
    account: home.account,
    resourcePolicy: renderedResourcePolicy(bucket, resources, home),
    context: { ...context, ...OVER_HTTPS },
  };
}

/** S3 calls KMS with the caller's rights: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html */
function onKey(action: string, keyArn: string, encryptionContext: string, world: EnforcerWorld): Step {
  const { account, region } = world.home;
  return {
    action,
    resource: keyArn,
    account: keyArn.split(':')[4] ?? '',
    resourcePolicy: keyPolicyOf(keyArn, world),
    context: { 'kms:ViaService': `s3.${region}.amazonaws.com`, 'kms:CallerAccount': account },
    encryptionContext,
  };
}

/** The first step that AWS refuses, in words. */
async function whyNot(steps: readonly Step[], { home, role }: EnforcerWorld): Promise<string | undefined> {
  for (const { encryptionContext, ...step } of steps) {
    const context = { ...step.context, 'aws:PrincipalArn': role.arn };
    const { allowed, deniedBy } = await simulate({
      ...step,
      resource: literal(step.resource),
      context,
      principal: role.arn,
      identityPolicies: role.policies.map((policy) => inContext(policy, encryptionContext)),
      resourcePolicy: step.resourcePolicy && inContext(step.resourcePolicy, encryptionContext),
    });
    const by = deniedBy.length > 0 ? ` (${deniedBy.join(', ')})` : '';
    if (!allowed) return `the enforcer's role may not ${step.action} on ${step.resource}${by}`;
    if (step.action === 'kms:Decrypt' && step.account === home.account && (await isDisabled(step.resource))) {
      return `KMS refuses ${step.action}, for the key ${step.resource} is disabled`;
    }
  }
  return undefined;
}

async function isDisabled(keyArn: string): Promise<boolean> {
  const { KeyMetadata } = await new KMSClient({}).send(new DescribeKeyCommand({ KeyId: keyArn }));
  return KeyMetadata?.Enabled === false;
}
