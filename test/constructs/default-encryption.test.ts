import type { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptionEnforcer, EnforcementAction, mixins, ObjectEncryption } from '../../lib';
import { RIGHT_KEY, SECOND_KEY } from '../domain/sample-keys';
import { complaintsOf, FLAG_SETS, newStack, resourceOf } from '../support/stacks';

const { RequireEncryption } = mixins;
const { sseS3, sseKms, dsseKms, sseC, clientSide } = ObjectEncryption;
const { S3_MANAGED, KMS, KMS_MANAGED, DSSE } = s3.BucketEncryption;

const keyIn = (stack: Stack, keyArn: string) =>
  (stack.node.tryFindChild(keyArn.slice(-4)) as kms.IKey | undefined) ?? kms.Key.fromKeyArn(stack, keyArn.slice(-4), keyArn);

/** A bucket that states its default encryption natively. */
function stating(stack: Stack, sseAlgorithm: string, kmsMasterKeyId?: string, bucketKeyEnabled?: boolean): s3.CfnBucket {
  const rule = { serverSideEncryptionByDefault: { sseAlgorithm, kmsMasterKeyId }, bucketKeyEnabled };
  return new s3.CfnBucket(stack, 'Records', { bucketEncryption: { serverSideEncryptionConfiguration: [rule] } });
}

const ordinary = (stack: Stack, encryption: s3.BucketEncryption, keyArn?: string) =>
  new s3.Bucket(stack, 'Records', { encryption, ...(keyArn && { encryptionKey: keyIn(stack, keyArn) }) }).node.defaultChild as s3.CfnBucket;

const byDefault = (SSEAlgorithm: string, KMSMasterKeyID?: string) => ({ SSEAlgorithm, ...(KMSMasterKeyID && { KMSMasterKeyID }) });

type Stated = (stack: Stack) => s3.CfnBucket;
type Required = (stack: Stack) => ObjectEncryption;
const kmsOf =
  (...keyArns: string[]): Required =>
  (stack) =>
    sseKms(...keyArns.map((keyArn) => keyIn(stack, keyArn)));

describe('a default encryption that the bucket states and that is the required one', () => {
  test.each<[string, Stated, Required, object]>([
    ['SSE-S3, as an L2 states it', (stack) => ordinary(stack, S3_MANAGED), () => sseS3(), byDefault('AES256')],
    ['SSE-S3, natively', (stack) => stating(stack, 'AES256'), () => sseS3(), byDefault('AES256')],
    ['SSE-S3 where SSE-C is required', (stack) => ordinary(stack, S3_MANAGED), () => sseC(), byDefault('AES256')],
    ['SSE-S3 beneath client-side encryption', (stack) => ordinary(stack, S3_MANAGED), () => clientSide(), byDefault('AES256')],
    [
      'the key, as an L2 states it',
      (stack) => ordinary(stack, KMS, RIGHT_KEY),
      kmsOf(RIGHT_KEY, SECOND_KEY),
      byDefault('aws:kms', RIGHT_KEY),
    ],
    ['the key, natively', (stack) => stating(stack, 'aws:kms', RIGHT_KEY), kmsOf(RIGHT_KEY), byDefault('aws:kms', RIGHT_KEY)],
    [
      'DSSE-KMS, as an L2 states it',
      (stack) => ordinary(stack, DSSE, RIGHT_KEY),
      (stack) => dsseKms(keyIn(stack, RIGHT_KEY)),
      byDefault('aws:kms:dsse', RIGHT_KEY),
    ],
    [
      'the key beneath client-side encryption',
      (stack) => ordinary(stack, KMS, RIGHT_KEY),
      (stack) => clientSide({ serverSide: sseKms(keyIn(stack, RIGHT_KEY)) }),
      byDefault('aws:kms', RIGHT_KEY),
    ],
  ])('stays: %s', (_, stated, required, expected) => {
    const stack = newStack();
    const bucket = stated(stack);
    bucket.with(new RequireEncryption(required(stack)));
    const [rule] = resourceOf(stack, bucket).Properties.BucketEncryption.ServerSideEncryptionConfiguration;
    expect(rule.ServerSideEncryptionByDefault).toEqual(expected);
  });

  test.each([true, false])('keeps bucketKeyEnabled: %s, also natively', (bucketKeyEnabled) => {
    const stack = newStack();
    const bucket = stating(stack, 'aws:kms', RIGHT_KEY, bucketKeyEnabled);
    bucket.with(new RequireEncryption(kmsOf(RIGHT_KEY)(stack)));
    const [rule] = resourceOf(stack, bucket).Properties.BucketEncryption.ServerSideEncryptionConfiguration;
    expect(rule.BucketKeyEnabled).toBe(bucketKeyEnabled);
  });

  test.each<[string, Required]>([
    ['SSE-S3', () => sseS3()],
    ['SSE-KMS', kmsOf(RIGHT_KEY, SECOND_KEY)],
    ['SSE-C', () => sseC()],
    ['client-side', () => clientSide()],
  ])('is what the mixin itself set before: %s twice is as good as once', (_, required) => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Records');
    const encryption = required(stack);
    for (const _time of [1, 2]) bucket.with(new RequireEncryption(encryption));
    expect(complaintsOf(stack)).toEqual([]);
  });
});

describe('a default encryption that the bucket states and that is another one', () => {
  const contradiction = (scheme: string, value: string) =>
    `Data/Records/Resource: the bucket states a default encryption that is not the required ${scheme}, or not under its first key (got ${value}). ` +
    'Remove the encryption from the bucket: RequireEncryption sets it. Or require what the bucket states.';

  test.each<[string, Stated, Required, string, string]>([
    ['another scheme', (stack) => ordinary(stack, S3_MANAGED), kmsOf(RIGHT_KEY), 'SSE-KMS', '{"algorithm":"AES256"}'],
    ['the AWS managed key', (stack) => ordinary(stack, KMS_MANAGED), kmsOf(RIGHT_KEY), 'SSE-KMS', '{"algorithm":"aws:kms"}'],
    [
      'one layer instead of two',
      (stack) => ordinary(stack, KMS_MANAGED),
      (stack) => dsseKms(keyIn(stack, RIGHT_KEY)),
      'DSSE-KMS',
      '{"algorithm":"aws:kms"}',
    ],
    [
      'an encryption that is only accepted as well',
      (stack) => ordinary(stack, S3_MANAGED),
      (stack) => kmsOf(RIGHT_KEY)(stack).alsoAccept(sseS3()),
      'SSE-KMS',
      '{"algorithm":"AES256"}',
    ],
  ])('is refused: %s', (_, stated, required, scheme, value) => {
    const stack = newStack();
    const bucket = stated(stack);
    expect(() => bucket.with(new RequireEncryption(required(stack)))).toThrow(contradiction(scheme, value));
  });

  test.each<[string, string]>([
    ['another key', 'arn:aws:kms:eu-west-1:111122223333:key/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'],
    ['a key that is not the first', SECOND_KEY],
    ['an alias', 'alias/aws/s3'],
  ])('is refused, natively: %s', (_, keyId) => {
    const stack = newStack();
    const bucket = stating(stack, 'aws:kms', keyId);
    expect(() => bucket.with(new RequireEncryption(kmsOf(RIGHT_KEY, SECOND_KEY)(stack)))).toThrow(
      contradiction('SSE-KMS', `{"algorithm":"aws:kms","keyId":"${keyId}"}`).replace('/Resource', ''),
    );
  });
});

describe('a bucket that states none', () => {
  test.each(FLAG_SETS)('gets the required one, under %s', (_, flags) => {
    const stack = newStack({ flags });
    const bucket = new s3.CfnBucket(stack, 'Records');
    bucket.with(new RequireEncryption(clientSide({ serverSide: dsseKms(keyIn(stack, RIGHT_KEY)) })));
    const [rule] = resourceOf(stack, bucket).Properties.BucketEncryption.ServerSideEncryptionConfiguration;
    expect(rule).toMatchObject({ ServerSideEncryptionByDefault: byDefault('aws:kms:dsse', RIGHT_KEY), BucketKeyEnabled: false });
  });
});

describe('what is said twice of a bucket, and differently, is refused with both', () => {
  test.each<[string, (key: kms.IKey) => ObjectEncryption, RegExp]>([
    ['an encryption accepted as well', () => sseS3().alsoAccept(sseC()), /\(got "SSE-S3, or SSE-C"\)/],
    [
      'a prefix',
      (key) => sseS3().underPrefix('raw/', sseKms(key)),
      new RegExp(`\\(got "SSE-S3; under raw/ SSE-KMS under ${RIGHT_KEY}"\\)`),
    ],
    ['strictness', () => sseS3().strict(), /\(got "SSE-S3; strict"\)/],
    [
      'an exemption',
      () => sseS3().exempt({ until: '2999-03-31', reason: 'Vendor X migrates.' }),
      /\(got "SSE-S3; exempt until 2999-03-31T00:00:00Z everything"\)/,
    ],
  ])('%s', (_, other, value) => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Records');
    bucket.with(new RequireEncryption(sseS3()));
    const encryption = other(keyIn(stack, RIGHT_KEY));
    const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
    const [beginning, end] = [/^Data\/Records\/Resource: the bucket is already required to hold SSE-S3, and policy/, /Pass the same/];
    for (const declare of [
      () => enforcer.enforce(bucket, { encryption, action: EnforcementAction.REPORT }),
      () => bucket.with(new RequireEncryption(encryption)),
    ]) {
      for (const part of [beginning, value, end]) expect(declare).toThrow(part);
    }
  });
});
