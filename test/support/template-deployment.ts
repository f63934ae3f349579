import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  S3Client,
  type ServerSideEncryptionRule,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { MotoClientConfig } from './moto-server';
import { onlyResourceOf, type Resource, resourcesOf, textOf } from './stacks';

/** What template values come to, once deployed: names and ARNs, as the engine gave them. */
export type Resolve = (value: unknown) => string;

/**
 * Makes what the function needs of what the template says, where CloudFormation is not to be had: keys, buckets with
 * versioning and default encryption, queues to send to, rules. No policy, no event source.
 */
export async function deployTemplate(stack: Stack, client: MotoClientConfig): Promise<Resolve> {
  const known: Record<string, string> = {};
  const resolve: Resolve = (value) => {
    const text = textOf(stack.resolve(value), known);
    if (text.includes('${')) throw new Error(`Nothing that was deployed is ${text}.`);
    return text;
  };
  const kms = new KMSClient(client);
  for (const id of idsOf(stack, 'AWS::KMS::Key')) {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: id }));
    known[`${id}.Arn`] = KeyMetadata?.Arn ?? '';
  }
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  for (const [id, bucket] of Object.entries(Template.fromStack(stack).findResources('AWS::S3::Bucket'))) {
    known[id] = id.toLowerCase();
    await createBucket(s3, id.toLowerCase(), (bucket as Resource).Properties, resolve);
  }
  Object.assign(known, await createQueues(idsOf(stack, 'AWS::SQS::Queue'), new SQSClient(client)));
  const ssm = new SSMClient(client);
  for (const { Properties } of resourcesOf(stack, 'AWS::SSM::Parameter')) {
    await ssm.send(new PutParameterCommand({ Name: resolve(Properties.Name), Value: resolve(Properties.Value), Type: Properties.Type }));
  }
  return resolve;
}

/** The environment that the template gives to its only function. */
export function functionEnvironment(stack: Stack, resolve: Resolve): Record<string, string> {
  const variables: Record<string, unknown> = onlyResourceOf(stack, 'AWS::Lambda::Function').Properties.Environment.Variables;
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, resolve(value)]));
}

function idsOf(stack: Stack, type: string): string[] {
  return Object.keys(Template.fromStack(stack).findResources(type));
}

async function createQueues(ids: readonly string[], sqs: SQSClient): Promise<Record<string, string>> {
  const known: Record<string, string> = {};
  for (const id of ids) {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: id }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    known[id] = QueueUrl;
    known[`${id}.Arn`] = Attributes?.['QueueArn'] ?? '';
  }
  return known;
}

async function createBucket(s3: S3Client, Bucket: string, properties: Resource['Properties'], resolve: Resolve): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket }));
  const { VersioningConfiguration, BucketEncryption } = properties;
  if (VersioningConfiguration) await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  const Rules: ServerSideEncryptionRule[] = BucketEncryption.ServerSideEncryptionConfiguration.map((rule: TemplateRule) => {
    const { SSEAlgorithm, KMSMasterKeyID } = rule.ServerSideEncryptionByDefault;
    const key = KMSMasterKeyID === undefined ? {} : { KMSMasterKeyID: resolve(KMSMasterKeyID) };
    // The template calls it ServerSideEncryptionByDefault, the API does not.
    return { ApplyServerSideEncryptionByDefault: { SSEAlgorithm, ...key }, BucketKeyEnabled: rule.BucketKeyEnabled };
  });
  await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
}

interface TemplateRule {
  readonly ServerSideEncryptionByDefault: { readonly SSEAlgorithm: string; readonly KMSMasterKeyID?: unknown };
  readonly BucketKeyEnabled?: boolean;
}
