import { Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptedBucket, EncryptionEnforcer, KeyUse, mixins, ObjectEncryption, SharedKey } from '../../lib';
import { OWNER_ACCOUNT, RIGHT_KEY } from '../domain/sample-keys';
import { roleIn } from '../support/key-world';
import { ownerBeside, sharedIn } from '../support/shared-key';
import { complaintsOf, importedBucket, newStack, resourcesOf } from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

describe('the handshake', () => {
  test('passes where both halves agree, and has nothing to say', () => {
    const stack = newStack();
    const { key } = sharedIn(stack);
    const enforcer = new EncryptionEnforcer(stack, 'Enforcer', { crossAccountKeys: [key] });
    const bucket = new EncryptedBucket(stack, 'Records', { bucketName: 'records', encryption: ObjectEncryption.sseKms(key), enforcer });
    bucket.grantWrite(roleIn(stack, 'Writer'));
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('passes for names that begin as was said, made up by CloudFormation or not', () => {
    const stack = newStack();
    const { key } = sharedIn(stack, { buckets: ['data-*'] });
    new EncryptedBucket(stack, 'Named', { bucketName: 'data-named', encryption: ObjectEncryption.sseKms(key) });
    expect(() => new EncryptedBucket(stack, 'Records', { encryption: ObjectEncryption.sseKms(key) })).not.toThrow();
  });

  test('passes within one account, where the key is used as it is, and grants leave its policy alone', () => {
    const stack = newStack({ flags: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
    const owner = ownerBeside(stack, { account: OWNER_ACCOUNT });
    const bucket = new EncryptedBucket(stack, 'Records', { bucketName: 'records', encryption: ObjectEncryption.sseKms(owner.key) });
    bucket.grantWrite(roleIn(stack, 'Writer'));
    bucket.bucket.grantRead(roleIn(stack, 'Reader'));
    expect(complaintsOf(stack)).toEqual([]);
    const [key] = resourcesOf(Stack.of(owner), 'AWS::KMS::Key');
    expect(key?.Properties.KeyPolicy.Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual([
      'DelegateAdministration',
      'AllowUseThroughS3ByThisAccount',
      'AllowDescribeKeyByThisAccount',
      'DenyGrantsNotForAwsServices',
    ]);
  });

  test('takes any account for one of the organization, since only AWS knows', () => {
    const stack = newStack();
    const { key } = sharedIn(stack, { consumers: [], organizationId: 'o-a1b2c3d4e5' });
    expect(() => new EncryptedBucket(stack, 'Records', { bucketName: 'records', encryption: ObjectEncryption.sseKms(key) })).not.toThrow();
  });

  const CONSUMER = {
    what: /the key of Keys\/Key does not let this account use it/,
    value: `"${OWNER_ACCOUNT}"`,
    remedy: 'Add it to the consumerAccounts of that key.',
  };
  const BUCKET = {
    what: /the key of Keys\/Key is not for this bucket/,
    value: '"records-copy"',
    remedy: 'Add arn:aws:s3:::records-copy to the bucketArns of that key.',
  };
  const under = (key: kms.IKey) => ObjectEncryption.sseKms(key);
  const MISTAKES: readonly Mistake[] = [
    {
      mistake: 'an EncryptedBucket in an account that the key does not let',
      make: (stack) =>
        new EncryptedBucket(stack, 'Records', {
          bucketName: 'records',
          encryption: under(sharedIn(stack, { consumers: ['777788889999'] }).key),
        }),
      path: 'Data/Records/Bucket/Resource',
      ...CONSUMER,
    },
    {
      mistake: 'an EncryptedBucket that the key is not for',
      make: (stack) => new EncryptedBucket(stack, 'Copy', { bucketName: 'records-copy', encryption: under(sharedIn(stack).key) }),
      path: 'Data/Copy/Bucket/Resource',
      ...BUCKET,
    },
    {
      mistake: 'a second key, for a prefix, that is not for the bucket',
      make: (stack) => {
        const encryption = ObjectEncryption.sseS3().underPrefix('a/', ObjectEncryption.sseS3().alsoAccept(under(sharedIn(stack).key)));
        new EncryptedBucket(stack, 'Copy', { bucketName: 'records-copy', encryption });
      },
      path: 'Data/Copy/Bucket/Resource',
      ...BUCKET,
    },
    {
      mistake: 'the mixin on a bucket that the key is not for',
      make: (stack) =>
        new s3.Bucket(stack, 'Copy', { bucketName: 'records-copy' }).with(new mixins.RequireEncryption(under(sharedIn(stack).key))),
      path: 'Data/Copy/Resource',
      ...BUCKET,
    },
    {
      mistake: 'an imported bucket that the key is not for',
      make: (stack) => mixins.RequireEncryption.policyJson(importedBucket(stack, 'Copy', 'records-copy'), under(sharedIn(stack).key)),
      path: 'Data/Copy',
      ...BUCKET,
    },
    {
      mistake: 'a bucket without a name',
      make: (stack) => new EncryptedBucket(stack, 'Records', { encryption: under(sharedIn(stack).key) }),
      path: 'Data/Records/Bucket/Resource',
      what: /the name of this one is not known before the deployment/,
      value: '"a generated name"',
      remedy: 'Give the bucket a name that is among the bucketArns of that key.',
    },
    {
      mistake: 'an enforcer in an account that the key does not let',
      make: (stack) =>
        new EncryptionEnforcer(stack, 'Enforcer', { crossAccountKeys: [sharedIn(stack, { consumers: ['777788889999'] }).key] }),
      path: 'Data/Enforcer',
      ...CONSUMER,
    },
    {
      mistake: 'a use for a bucket that the key is not for',
      make: (stack) =>
        sharedIn(stack).grantUse(roleIn(stack, 'Role'), KeyUse.READ, s3.Bucket.fromBucketName(stack, 'Copy', 'records-copy')),
      path: 'Data/Copy',
      ...BUCKET,
    },
    {
      mistake: 'the key itself in a stack of another account',
      make: (stack) => new EncryptedBucket(stack, 'Records', { bucketName: 'records', encryption: under(ownerBeside(stack).key) }),
      path: 'Data/Records/Bucket/Resource',
      what: /a KMS key has no name by which it is known there/,
      value: `"${OWNER_ACCOUNT}"`,
      remedy: 'Deploy the key first, and pass its ARN: SharedKey.fromKeyArn(scope, id, arn, { owner }).',
    },
    {
      mistake: "the key's own account, which the organization does not stand for",
      make: (stack) => {
        const { key } = ownerBeside(stack, { account: OWNER_ACCOUNT, consumers: [], organizationId: 'o-a1b2c3d4e5' });
        new EncryptedBucket(stack, 'Records', { bucketName: 'records', encryption: under(key) });
      },
      path: 'Data/Records/Bucket/Resource',
      ...CONSUMER,
    },
    {
      mistake: 'the key itself in another Region',
      make: (stack) => {
        const { key } = ownerBeside(stack, { account: OWNER_ACCOUNT, region: 'us-east-1' });
        new EncryptedBucket(stack, 'Records', { bucketName: 'records', encryption: under(key) });
      },
      path: 'Data/Records/Bucket/Resource',
      what: /the key of Keys\/Key lies in another Region \(us-east-1\)/,
      value: '"eu-west-1"',
      remedy: 'Make a CrossAccountKey in that Region, or a replica of a multi-Region one.',
    },
    {
      mistake: 'the ARN of a key in another account than its owner',
      make: (stack) => SharedKey.fromKeyArn(stack, 'Shared', RIGHT_KEY, { owner: ownerBeside(stack) }),
      path: 'Data/Shared',
      what: /another account or Region than its owner, Keys\/Key/,
      value: `"${RIGHT_KEY}"`,
      remedy: 'Pass the ARN that the stack of that key puts out.',
    },
  ];
  test.each(MISTAKES.map((mistake) => [mistake.mistake, mistake] as const))('refuses %s', (_, mistake) => expectRefusal(mistake));
});
