import { CfnParameter, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptedBucket, mixins, ObjectEncryption } from '../../lib';
import { ALIAS_ARN, OTHER_REGION_KEY, RIGHT_KEY } from '../domain/sample-keys';
import { complaintsOf, ENV, newApp, newStack } from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

const { RequireEncryption } = mixins;
const REQUIRE_SSE_S3 = new RequireEncryption(ObjectEncryption.sseS3());
const importedKey = (stack: Stack, keyArn: string) => kms.Key.fromKeyArn(stack, 'ImportedKey', keyArn);
const requireOf = (stack: Stack, encryption: ObjectEncryption) => new s3.Bucket(stack, 'Records').with(new RequireEncryption(encryption));
const underKey = (key: kms.IKey) => ({ encryption: ObjectEncryption.sseKms(key) });
const MISTAKES: readonly Mistake[] = [
  {
    mistake: 'DSSE-KMS with an S3 Bucket Key',
    make: (stack) =>
      new EncryptedBucket(stack, 'Records', {
        encryption: ObjectEncryption.dsseKms(importedKey(stack, RIGHT_KEY)),
        bucketKeyEnabled: true,
      }),
    path: 'Data/Records/Bucket/Resource',
    what: /DSSE-KMS has no S3 Bucket Key, and bucketKeyEnabled is set/,
    value: 'true',
    remedy: 'Leave bucketKeyEnabled out, or require SSE-KMS.',
  },
  {
    mistake: 'SSE-S3 with an S3 Bucket Key',
    make: (stack) => new EncryptedBucket(stack, 'Records', { encryption: ObjectEncryption.sseS3(), bucketKeyEnabled: true }),
    path: 'Data/Records/Bucket/Resource',
    what: /SSE-S3 has no S3 Bucket Key/,
    value: 'true',
    remedy: 'Leave bucketKeyEnabled out, or require SSE-KMS.',
  },
  {
    mistake: 'DSSE-KMS on a bucket that has an S3 Bucket Key already',
    make: (stack) => {
      const encryptionKey = importedKey(stack, RIGHT_KEY);
      new s3.Bucket(stack, 'Records', { encryption: s3.BucketEncryption.DSSE, encryptionKey, bucketKeyEnabled: true }).with(
        new RequireEncryption(ObjectEncryption.dsseKms(encryptionKey)),
      );
    },
    path: 'Data/Records/Resource',
    what: /DSSE-KMS has no S3 Bucket Key/,
    value: 'true',
    remedy: 'Leave bucketKeyEnabled out, or require SSE-KMS.',
  },
  ...(
    [
      [
        'an alias of this app',
        (stack) => new kms.Alias(stack, 'ImportedKey', { aliasName: 'alias/data', targetKey: new kms.Key(stack, 'Key') }),
      ],
      ['an alias by name', (stack) => kms.Alias.fromAliasName(stack, 'ImportedKey', 'alias/data')],
      ['the ARN of an alias', (stack) => importedKey(stack, ALIAS_ARN)],
    ] as [string, (stack: Stack) => kms.IKey][]
  ).map(([mistake, key]) => ({
    mistake: `${mistake} for a key`,
    make: (stack: Stack) => new EncryptedBucket(stack, 'Records', underKey(key(stack))),
    path: 'Data/Records',
    what: /an alias was given instead of a KMS key/,
    value: '"Data/ImportedKey"',
    remedy: 'Pass the kms.Key itself, or import it with kms.Key.fromKeyArn().',
  })),
  {
    mistake: 'a key of another Region',
    make: (stack) => new EncryptedBucket(stack, 'Records', underKey(importedKey(stack, OTHER_REGION_KEY))),
    path: 'Data/Records',
    what: /a KMS key lies in another Region than its bucket \(eu-west-1\)/,
    value: '"us-east-1"',
    remedy: "Use a key, or the replica of a multi-Region key, in the bucket's Region.",
  },
  ...(['sseKms', 'dsseKms'] as const).map((scheme) => ({
    mistake: `${scheme}() without a key`,
    make: (stack: Stack) => requireOf(stack, ObjectEncryption[scheme]()),
    path: 'Data/Records/Resource',
    what: /^(SSE|DSSE)-KMS needs at least one KMS key$/,
    value: '[]',
    remedy: 'Pass the keys that objects may be encrypted under; the first becomes the default.',
  })),
  {
    mistake: 'a key ARN whose id is none',
    make: (stack) => new EncryptedBucket(stack, 'Records', underKey(importedKey(stack, 'arn:aws:kms:eu-west-1:111122223333:key/data'))),
    path: 'Data/Records',
    what: /a KMS key is named by something that is not a full key ARN/,
    value: '"arn:aws:kms:eu-west-1:111122223333:key/data"',
    remedy: 'Import it with kms.Key.fromKeyArn() and arn:<partition>:kms:<Region>:<account>:key/<key id>.',
  },
  {
    mistake: 'a second key that is unusable',
    make: (stack) =>
      requireOf(stack, ObjectEncryption.sseKms(kms.Key.fromKeyArn(stack, 'First', RIGHT_KEY), importedKey(stack, OTHER_REGION_KEY))),
    path: 'Data/Records/Resource',
    what: /another Region/,
    value: '"us-east-1"',
    remedy: "Use a key, or the replica of a multi-Region key, in the bucket's Region.",
  },
  {
    mistake: 'a bucket whose own key objects may not be encrypted under',
    make: (stack) => {
      const encryptionKey = new kms.Key(stack, 'Key');
      new s3.Bucket(stack, 'Records', { encryptionKey }).with(
        new RequireEncryption(ObjectEncryption.sseKms(importedKey(stack, RIGHT_KEY))),
      );
    },
    path: 'Data/Records/Resource',
    what: /the bucket has an encryptionKey that is not the default key of the required encryption \(SSE-KMS\)/,
    value: '"Data/Key"',
    remedy: 'Pass that key to ObjectEncryption as the first, or remove encryptionKey from the bucket.',
  },
  {
    mistake: 'two requirements for one bucket',
    make: (stack) => {
      const bucket = new s3.Bucket(stack, 'Records');
      for (const encryption of [ObjectEncryption.sseS3(), ObjectEncryption.sseC()]) bucket.with(new RequireEncryption(encryption));
    },
    path: 'Data/Records/Resource',
    what: /the bucket is already required to hold SSE-S3, and policy and verifier must agree/,
    value: '"SSE-C"',
    remedy: 'Pass the same ObjectEncryption to RequireEncryption and to enforce().',
  },
];

/** Mistakes about imported buckets, whose message has another form: there is no value to show. */
const IMPORTED: readonly (readonly [string, (stack: Stack) => unknown])[] = [
  ['given to the mixin', (stack) => s3.Bucket.fromBucketName(stack, 'Imported', 'records-444455556666').with(REQUIRE_SSE_S3)],
  [
    'beneath a stack that the mixin is applied to',
    (stack) => {
      s3.Bucket.fromBucketName(stack, 'Imported', 'records-444455556666');
      stack.with(REQUIRE_SSE_S3);
    },
  ],
];

describe('what can be wrong about an encryption is refused when it is declared, with path, value and remedy', () => {
  test.each(MISTAKES)('$mistake', (mistake) => expectRefusal(mistake));

  test.each(IMPORTED)('an imported bucket, %s', (_, make) => {
    expect(() => make(newStack())).toThrow(
      /^Data\/Imported: RequireEncryption cannot change an imported bucket \(got records-444455556666\)\. Give its owner RequireEncryption\.policyJson\(\)/,
    );
  });

  test('nothing that cannot be known before deployment is refused', () => {
    const stack = new Stack(newApp(), 'Data');
    const unknown = kms.Key.fromKeyArn(stack, 'Unknown', new CfnParameter(stack, 'KeyArn').valueAsString);
    const known = kms.Key.fromKeyArn(stack, 'Known', OTHER_REGION_KEY);
    for (const [id, key] of Object.entries({ A: unknown, B: known, C: new kms.Key(stack, 'Key') })) {
      new EncryptedBucket(stack, id, underKey(key));
    }
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('keys of every partition, and multi-Region keys, are accepted', () => {
    for (const [partition, region] of [
      ['aws', 'eu-west-1'],
      ['aws-cn', 'cn-north-1'],
      ['aws-us-gov', 'us-gov-west-1'],
    ] as const) {
      const stack = newStack({ env: { ...ENV, region } });
      const key = importedKey(stack, RIGHT_KEY.replace('arn:aws:', `arn:${partition}:`).replace('eu-west-1', region));
      expect(() => new EncryptedBucket(stack, 'Records', underKey(key))).not.toThrow();
    }
  });
});
