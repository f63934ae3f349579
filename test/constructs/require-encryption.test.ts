import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Mixins } from 'aws-cdk-lib/core';
import { mixins, ObjectEncryption } from '../../lib';
import { RIGHT_KEY, SECOND_KEY } from '../domain/sample-keys';
import {
  bucketResource,
  complaintsOf,
  FLAG_SETS,
  newStack,
  policiesOf,
  resourceOf,
  siblingOf,
  sidsOf,
  statementsOf,
} from '../support/stacks';

const { RequireEncryption } = mixins;
const REQUIRE_SSE_S3 = new RequireEncryption(ObjectEncryption.sseS3());

/** What SSE-S3 denies; the content of the statements is tested in test/policy. */
const SSE_S3_DENIES = [
  'DenyInsecureTransport',
  'DenyOldTlsVersions',
  'DenyCustomerProvidedKeys',
  'DenyWrongEncryption',
  'DenyUpdateObjectEncryption',
];

const ENCRYPTED_BY_S3 = {
  ServerSideEncryptionConfiguration: [
    { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] } },
  ],
};

const ownStatement = (bucketArn: string) =>
  new iam.PolicyStatement({
    sid: 'KeepTheBucket',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: ['s3:DeleteBucket'],
    resources: [bucketArn],
  });

describe('RequireEncryption', () => {
  test.each(FLAG_SETS)('gives an ordinary bucket its default encryption and the denies, in one policy, under %s', (_, flags) => {
    const stack = newStack({ flags });
    const bucket = new s3.Bucket(stack, 'Records');
    bucket.with(REQUIRE_SSE_S3);
    expect(bucketResource(stack, bucket).Properties.BucketEncryption).toEqual(ENCRYPTED_BY_S3);
    expect(sidsOf(statementsOf(stack, bucket))).toEqual(SSE_S3_DENIES);
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('does the same to a CloudFormation bucket', () => {
    const stack = newStack();
    const bucket = new s3.CfnBucket(stack, 'Records');
    bucket.with(REQUIRE_SSE_S3);
    expect(resourceOf(stack, bucket).Properties.BucketEncryption).toEqual(ENCRYPTED_BY_S3);
    expect(sidsOf(statementsOf(stack, bucket))).toEqual(SSE_S3_DENIES);
  });

  test('does the same through Bucket.fromCfnBucket()', () => {
    const stack = newStack();
    const bucket = new s3.CfnBucket(stack, 'Records');
    s3.Bucket.fromCfnBucket(bucket).with(REQUIRE_SSE_S3);
    expect(resourceOf(stack, bucket).Properties?.BucketEncryption).toEqual(ENCRYPTED_BY_S3);
    expect(sidsOf(statementsOf(stack, bucket))).toEqual(SSE_S3_DENIES);
  });

  test('reaches every bucket beneath the construct that it is applied to', () => {
    const stack = newStack();
    const ordinary = new s3.Bucket(stack, 'Records');
    const raw = new s3.CfnBucket(stack, 'Raw');
    stack.with(REQUIRE_SSE_S3);
    expect(sidsOf(statementsOf(stack, ordinary))).toEqual(SSE_S3_DENIES);
    expect(sidsOf(statementsOf(stack, raw))).toEqual(SSE_S3_DENIES);
  });

  test('fails where a bucket is required and there is none', () => {
    const stack = newStack();
    expect(() => Mixins.of(stack).requireAny().apply(REQUIRE_SSE_S3)).toThrow();
  });

  test.each([true, false])('keeps bucketKeyEnabled: %s that the bucket has set', (bucketKeyEnabled) => {
    const stack = newStack();
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', RIGHT_KEY);
    const bucket = new s3.Bucket(stack, 'Records', { encryptionKey, bucketKeyEnabled });
    bucket.with(new RequireEncryption(ObjectEncryption.sseKms(encryptionKey)));
    const [rule] = bucketResource(stack, bucket).Properties.BucketEncryption.ServerSideEncryptionConfiguration;
    expect(rule.BucketKeyEnabled).toBe(bucketKeyEnabled);
  });

  test.each(FLAG_SETS)('applied twice is as good as once, under %s', (_, flags) => {
    const stack = newStack({ flags });
    const bucket = new s3.Bucket(stack, 'Records');
    bucket.with(REQUIRE_SSE_S3);
    bucket.with(new RequireEncryption(ObjectEncryption.sseS3()));
    expect(sidsOf(statementsOf(stack, bucket))).toEqual(SSE_S3_DENIES);
  });
});

describe('the policy of a bucket that encryption is required of', () => {
  test('keeps what an ordinary bucket had, and takes what comes later', () => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Records', { enforceSSL: true, minimumTLSVersion: 1.2 });
    bucket.addToResourcePolicy(ownStatement(bucket.bucketArn));
    bucket.with(REQUIRE_SSE_S3);
    bucket.grantRead(new iam.ArnPrincipal('arn:aws:iam::444455556666:role/reader'));
    const statements = statementsOf(stack, bucket);
    // Two of enforceSSL and minimumTLSVersion, which CDK gives no Sid, then ours, then the grant.
    expect(sidsOf(statements)).toEqual([undefined, undefined, 'KeepTheBucket', ...SSE_S3_DENIES, undefined]);
    expect(statements.at(-1)).toMatchObject({ Effect: 'Allow' });
  });

  test('keeps what a CloudFormation bucket had', () => {
    const stack = newStack();
    const bucket = new s3.CfnBucket(stack, 'Records');
    const policyDocument = { Version: '2012-10-17', Statement: [ownStatement(bucket.attrArn).toStatementJson()] };
    new s3.CfnBucketPolicy(stack, 'Policy', { bucket: bucket.ref, policyDocument });
    bucket.with(REQUIRE_SSE_S3);
    expect(sidsOf(statementsOf(stack, bucket))).toEqual(['KeepTheBucket', ...SSE_S3_DENIES]);
  });

  test('takes what comes later through Bucket.fromCfnBucket()', () => {
    const stack = newStack();
    const resource = new s3.CfnBucket(stack, 'Records');
    const bucket = s3.Bucket.fromCfnBucket(resource);
    bucket.with(REQUIRE_SSE_S3);
    bucket.addToResourcePolicy(ownStatement(bucket.bucketArn));
    expect(sidsOf(statementsOf(stack, resource))).toEqual([...SSE_S3_DENIES, 'KeepTheBucket']);
  });

  test('is kept as long as the bucket, also where that is decided later', () => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Records', { removalPolicy: RemovalPolicy.DESTROY });
    bucket.with(REQUIRE_SSE_S3);
    bucket.applyRemovalPolicy(RemovalPolicy.RETAIN);
    expect(policiesOf(stack, bucket)).toMatchObject([{ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }]);
  });

  test.each(FLAG_SETS)('is the only one: a second fails the synthesis, under %s', (_, flags) => {
    const stack = newStack({ flags });
    const bucket = new s3.Bucket(stack, 'Records');
    bucket.with(REQUIRE_SSE_S3);
    new s3.BucketPolicy(stack, 'Second', { bucket }).document.addStatements(ownStatement(bucket.bucketArn));
    expect(() => complaintsOf(stack)).toThrow(
      /Data\/Records\/Resource: the bucket has more than one bucket policy.*Data\/Second\/Resource.*addToResourcePolicy/,
    );
  });

  test('is the only one, also where the second names the bucket literally', () => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Records', { bucketName: 'records-111122223333' });
    bucket.with(REQUIRE_SSE_S3);
    const policyDocument = { Version: '2012-10-17', Statement: [ownStatement('arn:aws:s3:::records-111122223333').toStatementJson()] };
    new s3.CfnBucketPolicy(stack, 'Second', { bucket: 'records-111122223333', policyDocument });
    expect(() => complaintsOf(stack)).toThrow(/more than one bucket policy/);
  });

  test('is the only one, also where the second lies in another stack of the app', () => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Records');
    bucket.with(REQUIRE_SSE_S3);
    new s3.BucketPolicy(siblingOf(stack, 'Other'), 'Second', { bucket }).document.addStatements(ownStatement(bucket.bucketArn));
    expect(() => complaintsOf(stack)).toThrow(/more than one bucket policy/);
  });
});

describe('RequireEncryption.policyStatements()', () => {
  test.each([
    ['SSE-S3', () => ObjectEncryption.sseS3()],
    ['SSE-KMS', (key: kms.IKey) => ObjectEncryption.sseKms(key)],
    ['DSSE-KMS', (key: kms.IKey) => ObjectEncryption.dsseKms(key)],
    ['SSE-C', () => ObjectEncryption.sseC()],
    ['client-side', () => ObjectEncryption.clientSide()],
  ] as const)('are, for %s, the very statements that the mixin adds', (_, encryptionUnder) => {
    const stack = newStack();
    const encryption = encryptionUnder(kms.Key.fromKeyArn(stack, 'Key', SECOND_KEY));
    const bucket = new s3.Bucket(stack, 'Records');
    bucket.with(new RequireEncryption(encryption));
    const statements = RequireEncryption.policyStatements(bucket, encryption).map((statement) => statement.toStatementJson());
    expect(stack.resolve(statements)).toEqual(statementsOf(stack, bucket));
  });

  test('can be had for an imported bucket', () => {
    const bucket = s3.Bucket.fromBucketName(newStack(), 'Imported', 'records-444455556666');
    const statements = RequireEncryption.policyStatements(bucket, ObjectEncryption.sseS3());
    expect(statements.map(({ sid }) => sid)).toEqual(SSE_S3_DENIES);
  });
});
