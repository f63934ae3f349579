import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { EncryptedBucket, type EncryptedBucketProps, EncryptionEnforcer, EnforcementAction, ObjectEncryption } from '../../lib';
import { decodeRule } from '../../lib/domain/bucket-rule';
import { ENVELOPE } from '../domain/sample-declarations';
import { RIGHT_KEY, SECOND_KEY } from '../domain/sample-keys';
import {
  bucketResource,
  complaintsOf,
  newObjectRules,
  newStack,
  onlyResourceOf,
  policiesOf,
  resourceOf,
  resourcesOf,
  siblingOf,
  statementsOf,
  textOf,
} from '../support/stacks';

const keysIn = (stack: Stack) => ({
  right: kms.Key.fromKeyArn(stack, 'Right', RIGHT_KEY),
  second: kms.Key.fromKeyArn(stack, 'Second', SECOND_KEY),
});

/** Scheme → default encryption, bucket key, blocked encryption types, keys. */
const SCHEMES: readonly (readonly [string, (stack: Stack) => ObjectEncryption, object])[] = [
  ['SSE-S3', () => ObjectEncryption.sseS3(), rule('AES256', 'SSE-C')],
  ['SSE-KMS', (stack) => ObjectEncryption.sseKms(keysIn(stack).right), rule('aws:kms', 'SSE-C', { bucketKey: true })],
  ['DSSE-KMS', (stack) => ObjectEncryption.dsseKms(keysIn(stack).right), rule('aws:kms:dsse', 'SSE-C', { bucketKey: false })],
  ['SSE-C', () => ObjectEncryption.sseC(), rule('AES256', 'NONE')],
  ['client-side', () => ObjectEncryption.clientSide(), rule('AES256', 'SSE-C')],
];

function rule(algorithm: string, blocked: string, kmsFacts?: { bucketKey: boolean }): object {
  return {
    ServerSideEncryptionByDefault: { SSEAlgorithm: algorithm, ...(kmsFacts && { KMSMasterKeyID: RIGHT_KEY }) },
    BlockedEncryptionTypes: { EncryptionType: [blocked] },
    ...(kmsFacts && { BucketKeyEnabled: kmsFacts.bucketKey }),
  };
}

/** Flat prop → what the template says of it. */
const PROPS: readonly (readonly [string, EncryptedBucketProps, object])[] = [
  ['bucketName', { bucketName: 'data-111122223333' }, { BucketName: 'data-111122223333' }],
  [
    'bucketKeyEnabled: false',
    { bucketKeyEnabled: false },
    { BucketEncryption: { ServerSideEncryptionConfiguration: [expect.objectContaining({ BucketKeyEnabled: false })] } },
  ],
  [
    'lifecycleRules',
    { lifecycleRules: [{ id: 'Expire', expiration: Duration.days(365) }] },
    { LifecycleConfiguration: { Rules: [{ Id: 'Expire', ExpirationInDays: 365, Status: 'Enabled' }] } },
  ],
  [
    'objectLockDefaultRetention',
    { objectLockDefaultRetention: s3.ObjectLockRetention.governance(Duration.days(30)) },
    {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } } },
    },
  ],
  [
    'cors',
    { cors: [{ allowedMethods: [s3.HttpMethods.GET], allowedOrigins: ['https://example.com'] }] },
    { CorsConfiguration: { CorsRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['https://example.com'] }] } },
  ],
];

describe('the requirement of an EncryptedBucket', () => {
  test.each(SCHEMES)('%s sets the default encryption and says of SSE-C whether it is blocked', (_, encryption, expected) => {
    const stack = newStack();
    const { bucket } = new EncryptedBucket(stack, 'Records', { encryption: encryption(stack) });
    expect(bucketResource(stack, bucket).Properties.BucketEncryption.ServerSideEncryptionConfiguration).toEqual([expected]);
    expect(complaintsOf(stack)).toEqual([]);
  });

  test.each(SCHEMES)("%s is what default encryption, policy and the verifier's rule all say", (scheme, encryption) => {
    const stack = newStack();
    const required = encryption(stack);
    const { bucket } = new EncryptedBucket(stack, 'Records', { encryption: required });
    const keys = required.defaultKey ? [RIGHT_KEY] : [];

    const stored = decodeRule(textOf(onlyResourceOf(stack, 'AWS::SSM::Parameter').Properties.Value));
    const beneath = scheme === 'client-side' && { serverSide: { scheme: 'SSE-S3' }, envelope: ENVELOPE };
    const accepted = [{ scheme, ...beneath, ...(keys.length > 0 && { keyArns: keys }) }];
    expect(stored).toEqual({ action: 'quarantine', declaration: { accepted, headersRequired: false, prefixRules: [], exemptions: [] } });

    const [{ ServerSideEncryptionByDefault: byDefault }] = bucketResource(stack, bucket).Properties.BucketEncryption
      .ServerSideEncryptionConfiguration;
    expect([byDefault.KMSMasterKeyID ?? []].flat()).toEqual(keys);

    const conditions = statementsOf(stack, bucket).map(({ Condition }) => Condition ?? {});
    const notEqual = conditions.flatMap(({ StringNotEquals = {} }) => Object.entries(StringNotEquals));
    expect(notEqual.filter(([name]) => name.endsWith('aws-kms-key-id')).flatMap(([, value]) => value)).toEqual(keys);
    expect(notEqual.filter(([name]) => name.endsWith('-encryption')).flatMap(([, value]) => value)).toEqual(
      scheme === 'SSE-C' ? [] : [byDefault.SSEAlgorithm],
    );
  });

  test('with several keys makes the first the default, and accepts all', () => {
    const stack = newStack();
    const { right, second } = keysIn(stack);
    const { bucket, encryptionKey } = new EncryptedBucket(stack, 'Records', { encryption: ObjectEncryption.sseKms(second, right) });
    expect(encryptionKey).toBe(second);
    const [byDefault] = bucketResource(stack, bucket).Properties.BucketEncryption.ServerSideEncryptionConfiguration;
    expect(byDefault.ServerSideEncryptionByDefault.KMSMasterKeyID).toBe(SECOND_KEY);
    const { declaration } = decodeRule(textOf(onlyResourceOf(stack, 'AWS::SSM::Parameter').Properties.Value));
    expect(declaration.accepted).toEqual([{ scheme: 'SSE-KMS', keyArns: [SECOND_KEY, RIGHT_KEY] }]);
  });

  test.each(['SSE-S3', 'SSE-C', 'client-side'])('makes no key for %s', (scheme) => {
    const stack = newStack();
    const [, encryption] = SCHEMES.find(([name]) => name === scheme) ?? [];
    const data = new EncryptedBucket(stack, 'Records', { encryption: encryption?.(stack) });
    expect(data.encryptionKey).toBeUndefined();
    // The quarantine bucket's own.
    expect(resourcesOf(stack, 'AWS::KMS::Key')).toHaveLength(1);
  });
});

describe('the props of an EncryptedBucket', () => {
  test.each(PROPS)('%s reaches the bucket', (_, props, expected) => {
    const stack = newStack();
    const { bucket } = new EncryptedBucket(stack, 'Records', props);
    expect(bucketResource(stack, bucket).Properties).toEqual(expect.objectContaining(expected));
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('versioned: false reaches the bucket', () => {
    const stack = newStack();
    const { bucket } = new EncryptedBucket(stack, 'Records', { versioned: false });
    expect(bucketResource(stack, bucket).Properties).not.toHaveProperty('VersioningConfiguration');
  });

  test('server access logs go to their bucket, under their prefix', () => {
    const stack = newStack({ flags: recommendedFlags });
    const serverAccessLogsBucket = new s3.Bucket(stack, 'Logs');
    const { bucket } = new EncryptedBucket(stack, 'Records', { serverAccessLogsBucket, serverAccessLogsPrefix: 'records/' });
    const { LoggingConfiguration } = bucketResource(stack, bucket).Properties;
    expect(LoggingConfiguration).toEqual({
      DestinationBucketName: stack.resolve(serverAccessLogsBucket.bucketName),
      LogFilePrefix: 'records/',
    });
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('removalPolicy reaches the bucket, its policy and the key made for it, and not the quarantine', () => {
    const stack = newStack();
    const { bucket, encryptionKey, enforcer } = new EncryptedBucket(stack, 'Records', { removalPolicy: RemovalPolicy.DESTROY });
    const deleted = { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' };
    expect(bucketResource(stack, bucket)).toMatchObject(deleted);
    expect(policiesOf(stack, bucket)).toMatchObject([deleted]);
    expect(resourceOf(stack, encryptionKey?.node.defaultChild as kms.CfnKey)).toMatchObject(deleted);
    expect(bucketResource(stack, enforcer.quarantineBucket as s3.Bucket)).toMatchObject({ DeletionPolicy: 'Retain' });
  });

  test('autoDeleteObjects empties the bucket before it goes', () => {
    const stack = newStack();
    const { bucket } = new EncryptedBucket(stack, 'Records', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
    expect(onlyResourceOf(stack, 'Custom::S3AutoDeleteObjects').Properties.BucketName).toEqual(stack.resolve(bucket.bucketName));
  });

  test('action reaches the rule', () => {
    const stack = newStack();
    new EncryptedBucket(stack, 'Records', { encryption: ObjectEncryption.sseS3(), action: EnforcementAction.REPORT });
    expect(decodeRule(textOf(onlyResourceOf(stack, 'AWS::SSM::Parameter').Properties.Value)).action).toBe('report');
  });

  test('grants of the bucket include its key', () => {
    const stack = newStack();
    const { bucket } = new EncryptedBucket(stack, 'Records', { encryption: ObjectEncryption.sseKms(keysIn(stack).right) });
    const reader = new iam.Role(stack, 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    bucket.grantRead(reader);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      Roles: [stack.resolve(reader.roleName)],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['kms:Decrypt']), Resource: RIGHT_KEY })]) },
    });
  });
});

describe('the enforcer of an EncryptedBucket', () => {
  test('is shared by all buckets of a stack that name no other', () => {
    const stack = newStack();
    const [first, second] = [new EncryptedBucket(stack, 'First'), new EncryptedBucket(stack, 'Second')];
    expect(first.enforcer).toBe(second.enforcer);
    expect(first.enforcer).toBe(EncryptionEnforcer.of(first));
    expect(resourcesOf(stack, 'AWS::SQS::Queue')).toHaveLength(4);
    expect(newObjectRules(stack)).toHaveLength(2);
  });

  test('is another in another stack', () => {
    const stack = newStack();
    const [here, there] = [new EncryptedBucket(stack, 'Records'), new EncryptedBucket(siblingOf(stack, 'Other'), 'Records')];
    expect(here.enforcer).not.toBe(there.enforcer);
  });

  test('can be given', () => {
    const stack = newStack();
    const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
    const { enforcer: used } = new EncryptedBucket(stack, 'Records', { enforcer });
    expect(used).toBe(enforcer);
    expect(resourcesOf(stack, 'AWS::SQS::Queue')).toHaveLength(4);
  });
});
