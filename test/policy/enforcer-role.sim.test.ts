import type { CfnElement } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { inContext } from '../../demo/policy/encryption-context';
import { type Policy, simulate } from '../../demo/policy/simulate';
import { EncryptionEnforcer, EnforcementAction, ObjectEncryption } from '../../lib';
import { newStack, onlyResourceOf, resourcesOf, textOf } from '../support/stacks';

/** Each call that the function makes, put to the rendered policies of its role by an evaluator that others wrote. */
const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
const OBJECT = 'arn:aws:s3:::records-111122223333/a/key';
const COPY = 'arn:aws:s3:::the-quarantine/objects/records-111122223333/a/key/v1';
const DEFAULT_BUS = `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default`;
const queueArn = (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
const SOMEONES_KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const FOREIGN_KEY = `arn:aws:kms:${REGION}:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const QUARANTINE_KEY = SOMEONES_KEY.replace('1234abcd', '5678abcd');
const REQUIRED_KEY = SOMEONES_KEY.replace('1234abcd', '9abcdef0');
const THROUGH_S3 = { 'kms:ViaService': `s3.${REGION}.amazonaws.com` };
const OWN_EVENT = { 'events:source': ['cdk-s3-encryption-guard'] };

type Call = readonly [action: string, resource: string, context?: Record<string, string | string[]>];

const ALWAYS: readonly Call[] = [
  ['s3:GetObject', OBJECT],
  ['s3:GetObjectVersion', OBJECT],
  ['s3:ListBucket', 'arn:aws:s3:::records-111122223333'],
  ['events:PutEvents', DEFAULT_BUS, OWN_EVENT],
  ['sqs:SendMessage', queueArn('events')],
  ['sqs:SendMessage', queueArn('large-objects')],
  ['sqs:ReceiveMessage', queueArn('large-objects')],
];
const TO_TAG: readonly Call[] = [
  ['s3:GetObjectTagging', OBJECT],
  ['s3:PutObjectTagging', OBJECT],
  ['s3:GetObjectVersionTagging', OBJECT],
  ['s3:PutObjectVersionTagging', OBJECT],
];
const TO_MOVE: readonly Call[] = [
  ['s3:DeleteObject', OBJECT],
  ['s3:DeleteObjectVersion', OBJECT],
  ['s3:ListObjectAnnotations', OBJECT],
  ['s3:ListObjectVersionAnnotations', OBJECT],
  ['kms:Decrypt', SOMEONES_KEY, THROUGH_S3],
];
const INTO_QUARANTINE: readonly Call[] = [
  ['s3:PutObject', COPY],
  ['s3:PutObjectTagging', COPY],
  ['s3:PutObjectAnnotation', COPY],
  ['s3:GetObjectVersion', COPY],
  ['s3:GetObjectVersionTagging', COPY],
  ['s3:PutObjectVersionTagging', COPY],
  ['s3:GetObject', COPY],
  ['s3:ListMultipartUploadParts', COPY],
  ['s3:AbortMultipartUpload', COPY],
  ['s3:ListBucket', 'arn:aws:s3:::the-quarantine'],
  ['s3:ListBucketMultipartUploads', 'arn:aws:s3:::the-quarantine'],
  ['kms:GenerateDataKey', QUARANTINE_KEY, THROUGH_S3],
  ['kms:Decrypt', QUARANTINE_KEY, THROUGH_S3],
];
const TO_REENCRYPT: readonly Call[] = [
  ['s3:UpdateObjectEncryption', OBJECT],
  ['s3:PutObject', OBJECT],
  ['s3:PutObjectAnnotation', OBJECT],
  ['kms:Encrypt', REQUIRED_KEY, THROUGH_S3],
  ['kms:GenerateDataKey', REQUIRED_KEY, THROUGH_S3],
  ['kms:ReEncryptTo', REQUIRED_KEY, THROUGH_S3],
  ['kms:ReEncryptFrom', REQUIRED_KEY, THROUGH_S3],
  ['kms:ReEncryptFrom', SOMEONES_KEY, THROUGH_S3],
];
const OUTSIDERS = { 'aws:ResourceAccount': '999988887777' };
const NEVER: readonly Call[] = [
  ['s3:PutObject', 'arn:aws:s3:::another-bucket/key'],
  ['s3:UpdateObjectEncryption', 'arn:aws:s3:::another-bucket/key'],
  ['s3:UpdateObjectEncryption', COPY],
  ['kms:Encrypt', REQUIRED_KEY],
  ['kms:ReEncryptTo', REQUIRED_KEY],
  ['kms:ReEncryptTo', SOMEONES_KEY, THROUGH_S3],
  ['kms:GenerateDataKey', SOMEONES_KEY, THROUGH_S3],
  ['kms:ReEncryptFrom', SOMEONES_KEY],
  ['kms:ReEncryptFrom', FOREIGN_KEY, THROUGH_S3],
  ['s3:BypassGovernanceRetention', OBJECT],
  ['s3:PutBucketPolicy', 'arn:aws:s3:::records-111122223333'],
  ['s3:GetObject', 'arn:aws:s3:::another-bucket/key'],
  // Whose name was free, and is an outsider's now.
  ['s3:PutObject', COPY, OUTSIDERS],
  ['s3:GetObject', COPY, OUTSIDERS],
  ['s3:DeleteObject', COPY],
  ['s3:DeleteObjectVersion', COPY],
  ['s3:AbortMultipartUpload', OBJECT],
  ['s3:ListMultipartUploadParts', OBJECT],
  ['s3:ListBucketMultipartUploads', 'arn:aws:s3:::records-111122223333'],
  ['sqs:SendMessage', queueArn('dead-letters')],
  ['sqs:SendMessage', queueArn('another')],
  ['sqs:PurgeQueue', queueArn('events')],
  ['kms:Decrypt', SOMEONES_KEY],
  ['kms:Decrypt', SOMEONES_KEY, { 'kms:ViaService': `sqs.${REGION}.amazonaws.com` }],
  ['kms:Decrypt', FOREIGN_KEY, THROUGH_S3],
  ['events:PutEvents', DEFAULT_BUS, { 'events:source': ['aws.s3'] }],
  ['events:PutEvents', DEFAULT_BUS, { 'events:source': ['cdk-s3-encryption-guard', 'somebody-else'] }],
  ['events:PutEvents', DEFAULT_BUS],
];

/** What the function's role may do, with the deployed names in place of references. */
function rolePolicies(action: EnforcementAction): Policy[] {
  const stack = newStack();
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
  const bucket = s3.Bucket.fromBucketName(stack, 'Records', 'records-111122223333');
  enforcer.enforce(bucket, { encryption: ObjectEncryption.sseKms(kms.Key.fromKeyArn(stack, 'Required', REQUIRED_KEY)), action });
  const idOf = (construct: IConstruct | undefined) => stack.getLogicalId(construct?.node.defaultChild as CfnElement);
  const { LARGE_OBJECT_QUEUE_ARN } = onlyResourceOf(stack, 'AWS::Lambda::Function').Properties.Environment.Variables;
  const known = {
    [`${idOf(enforcer.queue)}.Arn`]: queueArn('events'),
    [`${idOf(enforcer.deadLetterQueue)}.Arn`]: queueArn('dead-letters'),
    [LARGE_OBJECT_QUEUE_ARN['Fn::GetAtt'].join('.')]: queueArn('large-objects'),
    [`${idOf(enforcer.quarantineBucket)}.Arn`]: 'arn:aws:s3:::the-quarantine',
    [`${idOf(enforcer.quarantineBucket.encryptionKey)}.Arn`]: QUARANTINE_KEY,
  };
  return resourcesOf(stack, 'AWS::IAM::Policy').map(({ Properties }) => ({
    Version: '2012-10-17',
    Statement: Properties.PolicyDocument.Statement.map((statement: Record<string, unknown>) => ({
      ...statement,
      // What is left of references would be read as policy variables, which match anything.
      Resource: [statement['Resource']].flat().map((resource) => textOf(resource, known).replace('${', 'unresolved-{')),
    })),
  }));
}

/** @param context - what S3 states to KMS: of which object a key is used */
async function allowed(action: EnforcementAction, calls: readonly Call[], context = OBJECT): Promise<string[]> {
  const identityPolicies = rolePolicies(action).map((policy) => inContext(policy, context));
  const principal = `arn:aws:iam::${ACCOUNT}:role/enforcer`;
  const decisions = await Promise.all(
    calls.map(([name, resource, conditions = {}]) =>
      simulate({
        principal,
        action: name,
        resource,
        account: resource.split(':')[4] || ACCOUNT,
        context: conditions,
        identityPolicies,
        resourcePolicy: consentOf(resource),
      }),
    ),
  );
  return calls.filter((_, position) => decisions[position]?.allowed).map(nameOf);
}

/** Every key leaves it to the policies of the account who may use it: what remains is the role's own doing. */
function consentOf(resource: string): Policy | undefined {
  if (!resource.startsWith('arn:aws:kms:')) return undefined;
  const Statement = [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }];
  return { Version: '2012-10-17', Statement };
}

const nameOf = ([action, resource, context]: Call) => `${action} ${resource} ${JSON.stringify(context ?? {})}`;

test.each([
  [EnforcementAction.REPORT, [...ALWAYS, ...INTO_QUARANTINE], [...TO_TAG, ...TO_MOVE, ...TO_REENCRYPT, ...NEVER]],
  [EnforcementAction.TAG, [...ALWAYS, ...INTO_QUARANTINE, ...TO_TAG], [...TO_MOVE, ...TO_REENCRYPT, ...NEVER]],
  [EnforcementAction.QUARANTINE, [...ALWAYS, ...INTO_QUARANTINE, ...TO_TAG, ...TO_MOVE], [...TO_REENCRYPT, ...NEVER]],
  [EnforcementAction.REENCRYPT, [...ALWAYS, ...INTO_QUARANTINE, ...TO_TAG, ...TO_MOVE, ...TO_REENCRYPT], NEVER],
])('a role that may %s may make each call that this takes, and no other', async (action, may, mayNot) => {
  await expect(allowed(action, [...may, ...mayNot])).resolves.toEqual(may.map(nameOf));
});

test('the key that is required may not be used for objects of another bucket', async () => {
  const onKey = TO_REENCRYPT.filter(([, resource]) => resource === REQUIRED_KEY);
  const elsewhere = await allowed(EnforcementAction.REENCRYPT, onKey, 'arn:aws:s3:::another-bucket/key');
  // To leave a key of the account, it need not be for this bucket: as it may be decrypted with.
  expect(elsewhere).toEqual(onKey.filter(([action]) => action === 'kms:ReEncryptFrom').map(nameOf));
});
