import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Action } from '../domain/action';
import { EVENTS } from '../domain/contract';
import { type EncryptionDeclaration, keysOfReadEnvelopes } from '../domain/declaration';
import { writeLogsStatement } from './bundled-function';
import type { EventQueue } from './event-queue';

/** Everything that the role of an enforcer may do, in one place. Reading its queue is added by the event source. */

/** Whatever it guards: logs, rules, events. */
export function operatingStatements(
  scope: Construct,
  logGroup: logs.ILogGroup,
  rulePrefix: string,
  queues: EventQueue,
): iam.PolicyStatement[] {
  const stack = Stack.of(scope);
  return [
    writeLogsStatement(logGroup),
    readRulesStatement(stack, rulePrefix),
    new iam.PolicyStatement({
      sid: 'SendMessagesAnew',
      actions: ['sqs:SendMessage'],
      resources: [queues.queue.queueArn, queues.largeObjectQueue.queueArn],
    }),
    sendEventsStatement(stack, 'ReportViolations'),
  ];
}

export function readRulesStatement(stack: Stack, rulePrefix: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'ReadRules',
    actions: ['ssm:GetParameter'],
    resources: [stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: `${rulePrefix.slice(1)}/*` })],
  });
}

/** To the account's default event bus, in the name of this library. */
export function sendEventsStatement(stack: Stack, sid: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid,
    actions: ['events:PutEvents'],
    resources: [stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' })],
    // The key has many values, one for each event of a request; without the second condition, none would do:
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    conditions: { 'ForAllValues:StringEquals': { 'events:source': EVENTS.source }, Null: { 'events:source': 'false' } },
  });
}

/** The objects of one bucket: no more than its action needs. */
export function guardedBucketStatements(bucket: s3.IBucket, action: Action): iam.PolicyStatement[] {
  const read = ['s3:GetObject', 's3:GetObjectVersion'];
  const tag = ['s3:GetObjectTagging', 's3:GetObjectVersionTagging', 's3:PutObjectTagging', 's3:PutObjectVersionTagging'];
  const annotations = [
    's3:GetObjectAnnotation',
    's3:GetObjectVersionAnnotation',
    // A copy in parts leaves them behind, so it has to be known whether there are any.
    's3:ListObjectAnnotations',
    's3:ListObjectVersionAnnotations',
  ];
  const remove = ['s3:DeleteObject', 's3:DeleteObjectVersion'];
  const quarantine = [...read, ...tag, ...annotations, ...remove];
  const copyOntoItself = ['s3:PutObject', 's3:PutObjectAnnotation'];
  const actions = { report: read, tag: [...read, ...tag], quarantine, reencrypt: [...quarantine, ...copyOntoItself] }[action];
  return [
    new iam.PolicyStatement({ actions, resources: [bucket.arnForObjects('*')] }),
    // Without it, S3 answers 403 instead of 404 for an object that is gone.
    new iam.PolicyStatement({ actions: ['s3:ListBucket', 's3:ListBucketVersions'], resources: [bucket.bucketArn] }),
  ];
}

/** Encrypting objects of the bucket anew in place. */
export function rekeyStatements(bucket: s3.IBucket): iam.PolicyStatement[] {
  const stack = Stack.of(bucket);
  return [
    new iam.PolicyStatement({ actions: ['s3:UpdateObjectEncryption'], resources: [bucket.arnForObjects('*')] }),
    // From any key of this account, as it may decrypt to quarantine: under which wrong key an object is encrypted is known only when it is found.
    // [That S3 asks for it of the old key is an assumption: its page names the actions, not the keys.]
    new iam.PolicyStatement({
      sid: 'ReEncryptFromWrongKeys',
      actions: ['kms:ReEncryptFrom'],
      resources: [ownKeysOf(stack)],
      conditions: throughS3(stack),
    }),
  ];
}

/** Filling the quarantine: copies and receipts go in, and are looked at again before anything is deleted. */
export function quarantineStatements(bucket: s3.IBucket, key: kms.IKey): iam.PolicyStatement[] {
  // A name is free once its bucket is deleted: whoever takes it in another account must not be sent what is to be kept here.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
  const conditions = { StringEquals: { 'aws:ResourceAccount': Stack.of(bucket).account } };
  return [
    new iam.PolicyStatement({
      sid: 'FillQuarantine',
      actions: [
        's3:PutObject',
        's3:PutObjectTagging',
        's3:PutObjectAnnotation',
        's3:GetObject',
        's3:GetObjectVersion',
        // A copy in parts may take days, and gets the tags that its original has by then.
        's3:GetObjectVersionTagging',
        's3:PutObjectVersionTagging',
        's3:ListMultipartUploadParts',
        's3:AbortMultipartUpload',
      ],
      resources: [bucket.arnForObjects('*')],
      conditions,
    }),
    // Without ListBucket, S3 answers 403 instead of 404 for a receipt that is not there.
    new iam.PolicyStatement({
      sid: 'FindReceipts',
      actions: ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
      resources: [bucket.bucketArn],
      conditions,
    }),
    new iam.PolicyStatement({ sid: 'EncryptQuarantine', actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [key.keyArn] }),
  ];
}

/**
 * Reading envelopes of client-side encryption that lie in objects, with the keys that S3 may have encrypted these under, and no others. Where
 * metadata tell, or S3 encrypts with its own keys, there is nothing to decrypt with.
 */
export function readEnvelopesStatements(scope: Construct, declaration: EncryptionDeclaration): iam.PolicyStatement[] {
  const resources = keysOfReadEnvelopes(declaration);
  if (resources.length === 0) return [];
  const conditions = { StringEquals: { 'kms:ViaService': `s3.${Stack.of(scope).region}.amazonaws.com` } };
  return [new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources, conditions })];
}

/** Reading what is to be moved out. Through S3 only, so these keys open nothing but objects that the role may read. */
export function decryptStatements(scope: Construct, crossAccountKeys: readonly kms.IKey[]): iam.PolicyStatement[] {
  const stack = Stack.of(scope);
  const conditions = throughS3(stack);
  // Any key of this account: under which wrong key an object is encrypted is known only when it is found.
  const resources = [ownKeysOf(stack)];
  const statements = [new iam.PolicyStatement({ sid: 'DecryptToQuarantine', actions: ['kms:Decrypt'], resources, conditions })];
  if (crossAccountKeys.length > 0) {
    const resources = crossAccountKeys.map((key) => key.keyArn);
    statements.push(new iam.PolicyStatement({ sid: 'DecryptUnderCrossAccountKeys', actions: ['kms:Decrypt'], resources, conditions }));
  }
  return statements;
}

function ownKeysOf(stack: Stack): string {
  return stack.formatArn({ service: 'kms', resource: 'key', resourceName: '*' });
}

function throughS3(stack: Stack) {
  return { StringEquals: { 'kms:ViaService': `s3.${stack.region}.amazonaws.com` } };
}
