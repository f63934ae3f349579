import type { CfnElement } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type Policy, simulate } from '../../demo/policy/simulate';
import { EncryptionCanary, EncryptionEnforcer } from '../../lib';
import { newStack, policiesOf, resourcesOf, type Statement, textOf } from '../support/stacks';

/** Each call of the canary's function, put to the policies of its role and of its bucket by an evaluator that others wrote. */
const ACCOUNT = '111122223333';
const BUCKET = 'arn:aws:s3:::canaries';
const CANARY = `${BUCKET}/canary-1`;
const OVER_TLS = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };
const UNDER_SSE_S3 = { 's3:x-amz-server-side-encryption': 'AES256' };

type Call = readonly [action: string, resource: string, context?: Record<string, string>];

const MAY: readonly Call[] = [
  ['s3:PutObject', CANARY, UNDER_SSE_S3],
  ['s3:GetObjectVersion', CANARY],
  ['s3:ListBucket', BUCKET],
  ['s3:ListBucketVersions', BUCKET],
];
const MAY_NOT: readonly Call[] = [
  // It cannot take away what it looks for.
  ['s3:DeleteObject', CANARY],
  ['s3:DeleteObjectVersion', CANARY],
  ['s3:PutLifecycleConfiguration', BUCKET],
  ['s3:PutBucketPolicy', BUCKET],
  ['s3:PutObject', `${BUCKET}/another`, UNDER_SSE_S3],
  ['s3:PutObject', 'arn:aws:s3:::records/canary-1', UNDER_SSE_S3],
  ['s3:GetObjectVersion', 'arn:aws:s3:::the-quarantine/objects/canaries/canary-1/v1'],
  ['s3:ListBucket', 'arn:aws:s3:::the-quarantine'],
  ['s3:PutObject', CANARY, { ...UNDER_SSE_S3, 'aws:SecureTransport': 'false' }],
  ['kms:GenerateDataKey', `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`],
];

function policies(): { identity: Policy; bucket: Policy } {
  const stack = newStack();
  const canary = new EncryptionCanary(stack, 'Canary', { enforcer: new EncryptionEnforcer(stack, 'Enforcer') });
  const idOf = (construct: IConstruct) => stack.getLogicalId(construct.node.defaultChild as CfnElement);
  const known = { [`${idOf(canary.bucket)}.Arn`]: BUCKET };
  const withNames = (statements: Statement[]) => ({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({
      ...statement,
      // What is left of references would be read as policy variables, which match anything.
      Resource: [statement.Resource].flat().map((resource) => textOf(resource, known).replace('${', 'unresolved-{')),
      ...(statement.Condition && { Condition: JSON.parse(conditionText(statement.Condition)) }),
    })),
  });
  const [rolePolicy] = resourcesOf(stack, 'AWS::IAM::Policy').filter(({ Properties }) => /^CanaryRole/.test(Properties.PolicyName));
  const [bucketPolicy] = policiesOf(stack, canary.bucket);
  return {
    identity: withNames(rolePolicy?.Properties.PolicyDocument.Statement),
    bucket: withNames(bucketPolicy?.Properties.PolicyDocument.Statement),
  };
}

/** The ARN of the enforcer's role has the partition in it. */
function conditionText(condition: unknown): string {
  return JSON.stringify(condition, (_, value) =>
    value !== null && typeof value === 'object' && 'Fn::Join' in value ? textOf(value) : value,
  );
}

test('the role of the canary writes and watches, over TLS, under SSE-S3, and does nothing else', async () => {
  const { identity, bucket } = policies();
  const calls = [...MAY, ...MAY_NOT];
  const decisions = await Promise.all(
    calls.map(([action, resource, context = {}]) =>
      simulate({
        principal: `arn:aws:iam::${ACCOUNT}:role/canary`,
        action,
        resource,
        account: ACCOUNT,
        context: action.startsWith('s3:') ? { ...OVER_TLS, ...context } : context,
        identityPolicies: [identity],
        resourcePolicy: resource.startsWith(BUCKET) ? bucket : undefined,
      }),
    ),
  );
  expect(calls.filter((_, position) => decisions[position]?.allowed)).toEqual(MAY);
});
