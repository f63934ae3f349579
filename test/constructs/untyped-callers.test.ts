import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptedBucket, EncryptionEnforcer, EnforcementAction, mixins, ObjectEncryption } from '../../lib';
import { FLAG_SETS, newStack, resourcesOf, siblingOf } from '../support/stacks';

/** Mistakes that TypeScript refuses, made by callers without it: each is named where it is made, never a bare TypeError. */
const wrong = (value: unknown) => value as never;
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const sseS3 = ObjectEncryption.sseS3();
const { QUARANTINE } = EnforcementAction;

const enforce = (options: unknown) => {
  const stack = newStack();
  new EncryptionEnforcer(stack, 'Enforcer').enforce(new s3.Bucket(stack, 'Records'), wrong(options));
};

describe('a caller without a compiler is told what is wrong', () => {
  test.each([undefined, 'move', 'QUARANTINE'])('with the action %p', (action) => {
    expect(() => enforce({ encryption: sseS3, action })).toThrow(
      /^Data\/Enforcer: enforce\(\) needs to be told what to do .* Pass action: one of EnforcementAction\.REPORT, EnforcementAction\.TAG, EnforcementAction\.QUARANTINE\.$/,
    );
  });

  test.each([[undefined], [{ action: QUARANTINE }], [{ action: QUARANTINE, encryption: s3.BucketEncryption.KMS }]])(
    'with the options %p',
    (options) => {
      expect(() => enforce(options)).toThrow(/^Data\/Enforcer: encryption must be an ObjectEncryption/);
    },
  );

  test.each([
    ['an ARN', KEY_ARN],
    ['nothing', undefined],
    ['a list', [KEY_ARN]],
  ])('with %s for a KMS key', (_, key) => {
    const encryption = ObjectEncryption.sseKms(wrong(key));
    expect(() => new EncryptedBucket(newStack(), 'Records', { encryption })).toThrow(
      /^Data\/Records: something was given that is not a KMS key/,
    );
  });

  test('with an L2 encryption for an EncryptedBucket, and with nothing for the mixin', () => {
    const stack = newStack();
    const props = { encryption: wrong(s3.BucketEncryption.KMS) };
    expect(() => new EncryptedBucket(stack, 'Records', props)).toThrow(
      /^Data\/Records: encryption must be an ObjectEncryption \(got "KMS"\)/,
    );
    const bucket = new s3.Bucket(stack, 'Other');
    expect(() => bucket.with(new mixins.RequireEncryption(wrong(undefined)))).toThrow(/encryption must be an ObjectEncryption/);
  });

  test('with an EncryptedBucket, or nothing, for a bucket', () => {
    const stack = newStack();
    const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
    const options = { encryption: sseS3, action: QUARANTINE };
    for (const bucket of [new EncryptedBucket(stack, 'Records', { enforcer }), undefined]) {
      expect(() => enforcer.enforce(wrong(bucket), options)).toThrow(/^Data\/Enforcer: enforce\(\) needs a bucket/);
    }
  });

  test('with a number for a duration', () => {
    expect(() => new EncryptionEnforcer(newStack(), 'Enforcer', { quarantineRetention: wrong(90) })).toThrow(
      /^Data\/Enforcer: quarantineRetention must be whole days, at least one \(got "90"\)\. Use Duration\.days\(\)\.$/,
    );
  });
});

describe('what types allow and S3 does not is refused', () => {
  test('a key of another account named by an alias, or in another Region', () => {
    const stack = newStack();
    const keys = [
      kms.Alias.fromAliasName(stack, 'Alias', 'alias/partner'),
      kms.Key.fromKeyArn(stack, 'Elsewhere', KEY_ARN.replace('eu-west-1', 'us-east-1')),
    ];
    keys.forEach((key, index) => {
      const make = () => new EncryptionEnforcer(stack, `Enforcer${index}`, { crossAccountKeys: [key] });
      expect(make).toThrow(/alias was given instead of a KMS key|lies in another Region/);
    });
  });

  test('server access logs into a bucket that is not under SSE-S3', () => {
    const stack = newStack();
    const serverAccessLogsBucket = new EncryptedBucket(stack, 'Logs').bucket;
    expect(() => new EncryptedBucket(stack, 'Records', { serverAccessLogsBucket })).toThrow(
      /^Data\/Records: S3 delivers server access logs only/,
    );
  });

  test('Object Lock without versioning', () => {
    const objectLockDefaultRetention = s3.ObjectLockRetention.compliance(Duration.days(1));
    const make = () => new EncryptedBucket(newStack(), 'Records', { versioned: false, objectLockDefaultRetention });
    expect(make).toThrow(/^Data\/Records: Object Lock needs versioning/);
  });

  test('a construct in the place of the shared enforcer', () => {
    const stack = newStack();
    new kms.Key(stack, 'SharedEncryptionEnforcer', { removalPolicy: RemovalPolicy.DESTROY });
    expect(() => new EncryptedBucket(stack, 'Records')).toThrow(/the id of the shared enforcer is taken by another construct/);
  });

  test('an 81st bucket, while 80 fit into ten managed policies under every set of flags', () => {
    for (const [, flags] of FLAG_SETS) {
      const stack = newStack({ flags });
      const enforcer = new EncryptionEnforcer(siblingOf(stack, 'Verifier'), 'Enforcer');
      const enforceNext = (number: number) =>
        enforcer.enforce(new s3.Bucket(stack, `Records${number}`), { encryption: sseS3, action: QUARANTINE });
      for (let number = 1; number <= 80; number += 1) enforceNext(number);
      expect(() => enforceNext(81)).toThrow(/^Verifier\/Enforcer: an enforcer serves at most 80 buckets/);
      expect(resourcesOf(Stack.of(enforcer), 'AWS::IAM::ManagedPolicy').length).toBeLessThanOrEqual(10);
    }
  });

  test("another enforcer's quarantine bucket", () => {
    const stack = newStack();
    const one = new EncryptionEnforcer(stack, 'One');
    const encryption = ObjectEncryption.sseKms(one.quarantineBucket.encryptionKey as kms.IKey);
    expect(() => new EncryptionEnforcer(stack, 'Two').enforce(one.quarantineBucket, { encryption, action: QUARANTINE })).toThrow(
      /^Data\/Two: the quarantine bucket of Data\/One is closed to every other enforcer/,
    );
  });
});

describe('the default encryption of a bucket', () => {
  const key = (stack: ReturnType<typeof newStack>) => kms.Key.fromKeyArn(stack, 'Key', KEY_ARN);

  test('that would make violations of all uploads without headers fails the synthesis, unless they are only reported', () => {
    const synthesise = (action: EnforcementAction) => {
      const stack = newStack();
      new EncryptionEnforcer(stack, 'Enforcer').enforce(new s3.Bucket(stack, 'Records'), {
        encryption: ObjectEncryption.sseKms(key(stack)),
        action,
      });
      return resourcesOf(stack, 'AWS::S3::Bucket').length;
    };
    expect(() => synthesise(QUARANTINE)).toThrow(
      /uploads without encryption headers get the default encryption of the bucket, which is not the required SSE-KMS/,
    );
    expect(() => synthesise(EnforcementAction.TAG)).toThrow(/uploads without encryption headers/);
    expect(synthesise(EnforcementAction.REPORT)).toBe(2);
  });

  test('that is changed behind the back of the mixin fails the synthesis', () => {
    const stack = newStack();
    const { bucket } = new EncryptedBucket(stack, 'Records');
    const byDefault = [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }];
    (bucket.node.defaultChild as s3.CfnBucket).bucketEncryption = { serverSideEncryptionConfiguration: byDefault };
    expect(() => resourcesOf(stack, 'AWS::S3::Bucket')).toThrow(/uploads without encryption headers/);
  });

  test('of quarantine buckets is left alone by a mixin on the whole stack', () => {
    const stack = newStack();
    new EncryptionEnforcer(stack, 'Enforcer');
    const bucket = new s3.Bucket(stack, 'Records');
    stack.with(new mixins.RequireEncryption(sseS3));
    const algorithms = resourcesOf(stack, 'AWS::S3::Bucket').map(
      ({ Properties }) => Properties?.['BucketEncryption'].ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm,
    );
    expect(algorithms.sort()).toEqual(['AES256', 'aws:kms']);
    expect(bucket.policy).toBeDefined();
  });
});
