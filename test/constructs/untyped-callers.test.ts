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

/** It has what an ObjectEncryption has for its callers, and nothing inside. */
const LOOKALIKE = { _declarationFor: () => ({}), alsoAccept: () => sseS3, strict: () => sseS3, schemeName: 'SSE-S3' };

const enforce = (options: unknown) => {
  const stack = newStack();
  new EncryptionEnforcer(stack, 'Enforcer').enforce(new s3.Bucket(stack, 'Records'), wrong(options));
};

describe('a caller without a compiler is told what is wrong', () => {
  test.each([undefined, 'move', 'QUARANTINE'])('with the action %p', (action) => {
    expect(() => enforce({ encryption: sseS3, action })).toThrow(
      /^Data\/Enforcer: enforce\(\) needs to be told what to do .* Pass action: one of EnforcementAction\.REPORT, EnforcementAction\.TAG, EnforcementAction\.QUARANTINE, EnforcementAction\.REENCRYPT\.$/,
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

  test.each<[string, () => ObjectEncryption]>([
    ['nothing, accepted as well', () => sseS3.alsoAccept(wrong(undefined))],
    ['a name, accepted as well', () => sseS3.alsoAccept(wrong('SSE-KMS'))],
    ['a list, accepted as well', () => sseS3.alsoAccept(wrong([sseS3]))],
    ['nothing under a prefix', () => sseS3.underPrefix('raw/', wrong(undefined))],
    ['a factory that was not called, under a prefix', () => sseS3.underPrefix('raw/', wrong(ObjectEncryption.sseC))],
    ['an L2 encryption beneath client-side encryption', () => ObjectEncryption.clientSide({ serverSide: wrong('KMS') })],
    ['an object with methods of the same names', () => wrong(LOOKALIKE)],
    ['such an object, accepted as well', () => sseS3.alsoAccept(wrong(LOOKALIKE))],
    ['such an object under a prefix', () => sseS3.underPrefix('raw/', wrong(LOOKALIKE))],
    ['such an object beneath client-side encryption', () => ObjectEncryption.clientSide({ serverSide: wrong(LOOKALIKE) })],
  ])('with %s', (_, encryption) => {
    const bucket = new s3.Bucket(newStack(), 'Records');
    expect(() => bucket.with(new mixins.RequireEncryption(encryption()))).toThrow(
      /^Data\/Records\/Resource: encryption must be an ObjectEncryption \(got .*\)\. Pass for example/,
    );
  });

  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /an exemption needs a reason \(got undefined\)/],
    ['a text', 'until May', /an exemption needs a reason \(got undefined\)/],
    ['a Date', { until: new Date(0), reason: 'r' }, /until of an exemption is not a date \(got "1970-01-01T00:00:00.000Z"\)/],
    ['a number for a date', { until: 2027, reason: 'r' }, /until of an exemption is not a date \(got 2027\)/],
    ['no date', { reason: 'r' }, /until of an exemption is not a date \(got undefined\)/],
    ['a number for a reason', { until: '2027-01-01', reason: 7 }, /an exemption needs a reason \(got 7\)/],
    ['one ARN for a list', { until: '2027-01-01', reason: 'r', principalArns: KEY_ARN }, /principalArns of an exemption is no list/],
    ['null for a list', { until: '2027-01-01', reason: 'r', principalArns: null }, /principalArns of an exemption is no list/],
    ['a role for its ARN', { until: '2027-01-01', reason: 'r', principalArns: [{}] }, /an exemption is for roles and users/],
    ['a number for a prefix', { until: '2027-01-01', reason: 'r', prefix: 7 }, /the prefix of an exemption has 1 to 1024 bytes \(got 7\)/],
  ])('with an exemption of %s', (_, exemption, what) => {
    const bucket = new s3.Bucket(newStack(), 'Records');
    const make = () => bucket.with(new mixins.RequireEncryption(sseS3.exempt(wrong(exemption))));
    expect(make).toThrow(/^Data\/Records\/Resource: /);
    expect(make).toThrow(what);
  });

  test.each([undefined, null, 7, ['raw/'], {}])('with the prefix %p', (prefix) => {
    const bucket = new s3.Bucket(newStack(), 'Records');
    expect(() => bucket.with(new mixins.RequireEncryption(sseS3.underPrefix(wrong(prefix), sseS3)))).toThrow(
      /^Data\/Records\/Resource: underPrefix\(\) needs a prefix of 1 to 1024 bytes \(got /,
    );
  });

  test.each<[object, RegExp]>([
    [
      { minimumTlsVersion: 1.2 },
      /minimumTlsVersion is none that S3 policies are written for \(got 1.2\)\. Use one of MinimumTlsVersion\.TLS_1_2, /,
    ],
    [{ minimumTlsVersion: '1.1' }, /minimumTlsVersion is none .* \(got "1.1"\)/],
    [{ configurationAdmins: KEY_ARN }, /configurationAdmins is no list of at least one ARN.* \(got "arn:/],
    [{ configurationAdmins: [undefined] }, /configurationAdmins are roles and users.* \(got undefined\)/],
  ])('with the options %j', (options, what) => {
    const bucket = new s3.Bucket(newStack(), 'Records');
    const make = () => bucket.with(new mixins.RequireEncryption(sseS3, wrong(options)));
    expect(make).toThrow(/^Data\/Records\/Resource: /);
    expect(make).toThrow(what);
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
