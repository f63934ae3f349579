import { isDeepStrictEqual } from 'node:util';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  type ServerSideEncryptionByDefault,
  type ServerSideEncryptionRule,
} from '@aws-sdk/client-s3';
import { deployedResources, type Resource } from './deployed-stack';

/** The part of CloudFormation's BucketEncryption that this project uses. */
interface TemplateRule {
  readonly ServerSideEncryptionByDefault?: { readonly SSEAlgorithm: string; readonly KMSMasterKeyID?: unknown };
  readonly BucketKeyEnabled?: boolean;
  readonly BlockedEncryptionTypes?: { readonly EncryptionType: string[] };
}

const s3 = () => new S3Client({ forcePathStyle: true });

export interface SettledBucket {
  readonly bucket: string;
  /** What the engine does not do, which made it necessary. */
  readonly because: string;
}

/**
 * The engine may ignore the BucketEncryption of a template. Asks it what each bucket of a deployed stack got and,
 * where that differs, sets what the template says.
 *
 * @returns the buckets that had to be set: the caller tells the person who watches
 */
export async function settleBucketEncryption(stackName: string, assemblyFolder: string): Promise<SettledBucket[]> {
  const resources = await deployedResources(stackName, assemblyFolder);
  const reportsImplicitDefault = await isImplicitDefaultReported();
  const settled: SettledBucket[] = [];
  for (const { physicalId: bucket, properties } of resources.filter((resource) => resource.type === 'AWS::S3::Bucket')) {
    const wanted = await rulesOfTemplate(properties, resources);
    const applied = isDeepStrictEqual(await rulesOfEngine(bucket), wanted);
    if (wanted.length === 0 || (applied && reportsImplicitDefault)) continue;
    await setRules(bucket, wanted);
    settled.push({ bucket, because: applied ? IMPLICIT_DEFAULT_UNREPORTED : TEMPLATE_IGNORED });
  }
  return settled;
}

const TEMPLATE_IGNORED = 'the engine ignores BucketEncryption in templates';
const IMPLICIT_DEFAULT_UNREPORTED = 'the engine reports no encryption of objects under a default that nobody set';

/** On AWS every bucket encrypts with AES256 unless told otherwise, and HEAD says so. Tried on a bucket of its own. */
async function isImplicitDefaultReported(): Promise<boolean> {
  const object = { Bucket: `implicit-default-probe-${Date.now()}`, Key: 'probe' };
  await s3().send(new CreateBucketCommand({ Bucket: object.Bucket }));
  try {
    await s3().send(new PutObjectCommand({ ...object, Body: 'probe' }));
    const head = await s3().send(new HeadObjectCommand(object));
    return head.ServerSideEncryption === 'AES256';
  } finally {
    await s3().send(new DeleteObjectCommand(object));
    await s3().send(new DeleteBucketCommand({ Bucket: object.Bucket }));
  }
}

async function setRules(bucket: string, rules: ServerSideEncryptionRule[]): Promise<void> {
  await s3().send(new PutBucketEncryptionCommand({ Bucket: bucket, ServerSideEncryptionConfiguration: { Rules: rules } }));
  const now = await rulesOfEngine(bucket);
  if (isDeepStrictEqual(now, rules)) return;
  throw new Error(`The engine does not keep the encryption of ${bucket}: set ${JSON.stringify(rules)}, got ${JSON.stringify(now)}.`);
}

async function rulesOfEngine(bucket: string): Promise<ServerSideEncryptionRule[]> {
  try {
    const answer = await s3().send(new GetBucketEncryptionCommand({ Bucket: bucket }));
    return (answer.ServerSideEncryptionConfiguration?.Rules ?? []).map(normalized);
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'ServerSideEncryptionConfigurationNotFoundError') return [];
    throw error;
  }
}

async function rulesOfTemplate(properties: Resource['properties'], resources: Resource[]): Promise<ServerSideEncryptionRule[]> {
  const encryption = properties['BucketEncryption'] as { ServerSideEncryptionConfiguration: TemplateRule[] } | undefined;
  const rules = encryption?.ServerSideEncryptionConfiguration ?? [];
  return Promise.all(rules.map((rule) => toApi(rule, resources)));
}

/** CloudFormation and the S3 API name one member differently; a template refers to keys by their logical ids. */
async function toApi(rule: TemplateRule, resources: Resource[]): Promise<ServerSideEncryptionRule> {
  const byDefault = rule.ServerSideEncryptionByDefault;
  const key = byDefault?.KMSMasterKeyID;
  return normalized({
    ApplyServerSideEncryptionByDefault: byDefault && {
      SSEAlgorithm: byDefault.SSEAlgorithm as ServerSideEncryptionByDefault['SSEAlgorithm'],
      KMSMasterKeyID: key === undefined ? undefined : await keyArn(key, resources),
    },
    BucketKeyEnabled: rule.BucketKeyEnabled,
    BlockedEncryptionTypes: rule.BlockedEncryptionTypes as ServerSideEncryptionRule['BlockedEncryptionTypes'],
  });
}

/** What is not said is left out, so that two ways to say the same compare equal. */
function normalized(rule: ServerSideEncryptionRule): ServerSideEncryptionRule {
  return JSON.parse(JSON.stringify({ ...rule, BucketKeyEnabled: rule.BucketKeyEnabled || undefined }));
}

async function keyArn(reference: unknown, resources: Resource[]): Promise<string> {
  if (typeof reference === 'string') return reference;
  const { Ref, 'Fn::GetAtt': attribute } = reference as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
  const key = resources.find((resource) => resource.logicalId === (Ref ?? attribute?.[0]));
  if (!key) throw new Error(`This template names a bucket's key in a way that the demo does not read: ${JSON.stringify(reference)}.`);
  const described = await new KMSClient({}).send(new DescribeKeyCommand({ KeyId: key.physicalId }));
  return described.KeyMetadata?.Arn ?? key.physicalId;
}
