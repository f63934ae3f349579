import type { CfnElement } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type Policy, simulate } from '../../demo/policy/simulate';
import { EncryptionEnforcer, EnforcementAction, ObjectEncryption, QuarantineRelease } from '../../lib';
import { importedBucket, newStack, policiesOf, resourcesOf, type Statement, textOf } from '../support/stacks';

/** Each call of the function that releases, put to the policies of its role and of the quarantine by an evaluator that others wrote. */
const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
const QUARANTINE = 'arn:aws:s3:::the-quarantine';
const COPY = `${QUARANTINE}/objects/records-111122223333/a/key/v1`;
const RECEIPT = `${QUARANTINE}/receipts/records-111122223333/a/key/v1.json`;
const RELEASED = `${QUARANTINE}/releases/records-111122223333/a/key/v1.json`;
const DISCARDED = `${QUARANTINE}/discards/records-111122223333/a/key/v1.json`;
const BUCKET = 'arn:aws:s3:::records-111122223333';
const OBJECT = `${BUCKET}/a/key`;
const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/5678abcd-12ab-34cd-56ef-1234567890ab`;
const OTHER_KEY = KEY.replace('5678', '1234');
const BUS = `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default`;
const OVER_TLS = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };
const ENCRYPTED = { 's3:x-amz-server-side-encryption': 'aws:kms', 's3:x-amz-server-side-encryption-aws-kms-key-id': KEY };
const ROLES = { enforcer: 'the-enforcer', release: 'the-release', stranger: 'admin' } as const;

type Call = readonly [action: string, resource: string, context?: Record<string, string | string[]>];

const MAY: readonly Call[] = [
  ['s3:GetObject', RECEIPT],
  ['s3:GetObject', RELEASED],
  ['s3:PutObject', RELEASED, ENCRYPTED],
  ['s3:PutObject', DISCARDED, ENCRYPTED],
  ['s3:GetObjectVersion', COPY],
  ['s3:GetObjectVersionTagging', COPY],
  ['s3:GetObjectVersionAnnotation', COPY],
  ['s3:GetObjectRetention', COPY],
  ['s3:GetObjectLegalHold', COPY],
  ['s3:DeleteObjectVersion', COPY],
  ['s3:ListBucket', QUARANTINE],
  ['s3:ListBucketVersions', QUARANTINE],
  ['s3:PutObject', OBJECT],
  ['s3:PutObjectTagging', OBJECT],
  ['s3:PutObjectAnnotation', OBJECT],
  ['s3:GetObject', OBJECT],
  ['s3:GetObjectVersion', OBJECT],
  ['s3:ListMultipartUploadParts', OBJECT],
  ['s3:AbortMultipartUpload', OBJECT],
  ['s3:ListBucket', BUCKET],
  ['ssm:GetParameter', `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/s3-encryption-guard/Data-Enforcer-NAME/records-111122223333`],
  ['events:PutEvents', BUS, { 'events:source': ['cdk-s3-encryption-guard'] }],
];
const MAY_NOT: readonly Call[] = [
  // Whoever could write a receipt could have anything put anywhere.
  ['s3:PutObject', RECEIPT, ENCRYPTED],
  ['s3:DeleteObjectVersion', RECEIPT],
  ['s3:PutObject', COPY, ENCRYPTED],
  ['s3:DeleteObject', COPY],
  ['s3:PutObjectVersionTagging', COPY],
  ['s3:DeleteObjectVersion', RELEASED],
  ['s3:DeleteObject', DISCARDED],
  ['s3:BypassGovernanceRetention', COPY],
  ['s3:PutObjectRetention', COPY],
  ['s3:PutBucketPolicy', QUARANTINE],
  ['s3:PutLifecycleConfiguration', QUARANTINE],
  ['s3:GetObjectVersion', COPY, { 'aws:ResourceAccount': '999988887777' }],
  ['s3:PutObject', RELEASED, { ...ENCRYPTED, 'aws:ResourceAccount': '999988887777' }],
  // It puts back, and takes nothing away.
  ['s3:DeleteObject', OBJECT],
  ['s3:DeleteObjectVersion', OBJECT],
  ['s3:PutObject', 'arn:aws:s3:::another-bucket/a/key'],
  ['s3:GetObjectTagging', OBJECT],
  ['events:PutEvents', BUS, { 'events:source': ['aws.s3'] }],
  ['kms:Decrypt', OTHER_KEY],
  ['kms:Decrypt', OTHER_KEY, { 'kms:ViaService': `s3.${REGION}.amazonaws.com` }],
];

interface World {
  readonly identity: Policy;
  readonly quarantine: Policy;
  readonly enforcer: Policy;
}

function policies(hasRelease: boolean): World {
  const stack = newStack();
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
  enforcer.enforce(importedBucket(stack, 'Records', 'records-111122223333'), {
    encryption: ObjectEncryption.sseS3(),
    action: EnforcementAction.QUARANTINE,
  });
  const release = hasRelease ? new QuarantineRelease(stack, 'Release', { enforcer }) : undefined;
  const idOf = (construct: IConstruct | undefined) => stack.getLogicalId(construct?.node.defaultChild as CfnElement);
  const known: Record<string, string> = {
    [`${idOf(enforcer.quarantineBucket)}.Arn`]: QUARANTINE,
    [`${idOf(enforcer.quarantineBucket.encryptionKey)}.Arn`]: KEY,
    [`${idOf(enforcer.handler.role)}.Arn`]: roleArn('enforcer'),
    ...(release && { [`${idOf(release.handler.role)}.Arn`]: roleArn('release') }),
  };
  const rendered = (value: unknown) => textOf(value, known).replace('${', 'unresolved-{');
  const withNames = (statements: Statement[]): Policy => ({
    Version: '2012-10-17',
    Statement: statements.map((statement) =>
      JSON.parse(JSON.stringify(statement, (_, value) => (isIntrinsic(value) ? rendered(value) : value))),
    ),
  });
  const rolePolicy = (of: RegExp) =>
    resourcesOf(stack, 'AWS::IAM::Policy')
      .filter(({ Properties }) => of.test(Properties.PolicyName))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  const [bucketPolicy] = policiesOf(stack, enforcer.quarantineBucket);
  return {
    identity: withNames(rolePolicy(/^Release/)),
    enforcer: withNames(rolePolicy(/^Enforcer/)),
    quarantine: withNames(bucketPolicy?.Properties.PolicyDocument.Statement),
  };
}

function isIntrinsic(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ['Fn::Join', 'Fn::GetAtt', 'Ref'].some((name) => name in value);
}

const roleArn = (name: keyof typeof ROLES) => `arn:aws:iam::${ACCOUNT}:role/${ROLES[name]}`;
const EVERYTHING: Policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

async function allowed(who: keyof typeof ROLES, calls: readonly Call[], identity: Policy, quarantine: Policy): Promise<Call[]> {
  const decisions = await Promise.all(
    calls.map(([action, resource, context = {}]) =>
      simulate({
        principal: roleArn(who),
        action,
        resource: resource.replace('NAME', parameterHash(identity)),
        account: ACCOUNT,
        context: { 'aws:PrincipalArn': roleArn(who), ...(action.startsWith('s3:') && OVER_TLS), ...context },
        identityPolicies: [identity],
        resourcePolicy: consentOf(resource, quarantine),
      }),
    ),
  );
  return calls.filter((_, position) => decisions[position]?.allowed);
}

function consentOf(resource: string, quarantine: Policy): Policy | undefined {
  if (resource.startsWith(QUARANTINE)) return quarantine;
  if (!resource.startsWith('arn:aws:kms:')) return undefined;
  const Statement = [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }];
  return { Version: '2012-10-17', Statement };
}

/** The name of the enforcer ends in a hash. */
function parameterHash(identity: Policy): string {
  return /Data-Enforcer-([0-9a-f]{8})/.exec(JSON.stringify(identity))?.[1] ?? '';
}

test('the role that releases may make each call that this takes, and no other', async () => {
  const { identity, quarantine } = policies(true);
  await expect(allowed('release', [...MAY, ...MAY_NOT], identity, quarantine)).resolves.toEqual(MAY);
});

test('the policy of the quarantine holds it to that, whatever its own policies become', async () => {
  const { quarantine } = policies(true);
  const changes: readonly Call[] = [
    ...['s3:PutObject', 's3:PutObjectTagging', 's3:DeleteObject', 's3:ReplicateObject', 's3:UpdateObjectEncryption'].flatMap((action) =>
      [RECEIPT, COPY].map((resource): Call => [action, resource, action === 's3:PutObject' ? ENCRYPTED : {}]),
    ),
    ['s3:DeleteObjectVersion', RECEIPT],
    ['s3:DeleteObjectVersion', RELEASED],
    ['s3:DeleteObject', RELEASED],
    ['s3:AbortMultipartUpload', COPY],
  ];
  await expect(allowed('release', changes, EVERYTHING, quarantine)).resolves.toEqual([]);
});

describe.each([true, false])('where there is such a role: %s,', (hasRelease) => {
  const writes = (resource: string): Call[] => [
    ['s3:PutObject', resource, ENCRYPTED],
    ['s3:PutObjectTagging', resource],
    ['s3:PutObjectVersionTagging', resource],
    ['s3:PutObjectAcl', resource],
    ['s3:ReplicateObject', resource],
    ['s3:ReplicateTags', resource],
    ['s3:ReplicateDelete', resource],
    ['s3:DeleteObject', resource],
    ['s3:DeleteObjectVersion', resource],
    ['s3:AbortMultipartUpload', resource],
    ['s3:UpdateObjectEncryption', resource],
  ];

  test('nobody else forges a receipt or a record, or changes a copy, though IAM allows everything', async () => {
    const { quarantine } = policies(hasRelease);
    const calls = [RECEIPT, COPY, RELEASED, DISCARDED].flatMap(writes);
    await expect(allowed('stranger', calls, EVERYTHING, quarantine)).resolves.toEqual([]);
  });

  test('the enforcer writes receipts and copies', async () => {
    const { enforcer, quarantine } = policies(hasRelease);
    const calls: Call[] = [RECEIPT, COPY].map((resource) => ['s3:PutObject', resource, ENCRYPTED]);
    await expect(allowed('enforcer', calls, enforcer, quarantine)).resolves.toEqual(calls);
  });
});

test('the enforcer writes no records of releases', async () => {
  const { enforcer, quarantine } = policies(true);
  const calls: Call[] = [RELEASED, DISCARDED].map((resource) => ['s3:PutObject', resource, ENCRYPTED]);
  await expect(allowed('enforcer', calls, enforcer, quarantine)).resolves.toEqual([]);
});
