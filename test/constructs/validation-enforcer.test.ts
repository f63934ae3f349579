import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptedBucket, EncryptionEnforcer, type EncryptionEnforcerProps, EnforcementAction, mixins, ObjectEncryption } from '../../lib';
import { MAX_RULE_BYTES } from '../../lib/domain/bucket-rule';
import { FOREIGN_ACCOUNT, RIGHT_KEY } from '../domain/sample-keys';
import { complaintsOf, newApp, newStack, onlyResourceOf } from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

const REPORT_ON_SSE_S3 = { encryption: ObjectEncryption.sseS3(), action: EnforcementAction.REPORT };
const NAME = 'records-111122223333';

const enforcerIn = (stack: Stack, props?: EncryptionEnforcerProps) => new EncryptionEnforcer(stack, 'Enforcer', props);

/** Enforces each bucket, in order, by the enforcer of that id. */
function enforceAll(stack: Stack, buckets: readonly (readonly [string, s3.IBucket])[]): void {
  for (const [id, bucket] of buckets) {
    const enforcer = (stack.node.tryFindChild(id) as EncryptionEnforcer | undefined) ?? new EncryptionEnforcer(stack, id);
    enforcer.enforce(bucket, REPORT_ON_SSE_S3);
  }
}

const keys = (stack: Stack, count: number): kms.IKey[] =>
  Array.from({ length: count }, (_, i) => kms.Key.fromKeyArn(stack, `Key${i}`, RIGHT_KEY.replace(/.{4}$/, String(i).padStart(4, '0'))));

const ONCE = { what: /the bucket is already verified by/, remedy: 'Call enforce() once for each bucket.' };

const BUCKET_MISTAKES: readonly Mistake[] = [
  {
    mistake: "the enforcer's own quarantine bucket",
    make: (stack) => {
      const enforcer = enforcerIn(stack);
      enforcer.enforce(enforcer.quarantineBucket, REPORT_ON_SSE_S3);
    },
    path: 'Data/Enforcer',
    what: /an enforcer cannot verify its own quarantine bucket/,
    value: '"Data/Enforcer/Quarantine/Bucket"',
    remedy: 'Leave the quarantine bucket out; its policy lets nobody but the enforcer write.',
  },
  {
    mistake: "the enforcer's own quarantine bucket, imported by its name",
    make: (stack) => {
      const enforcer = enforcerIn(stack);
      enforcer.enforce(s3.Bucket.fromBucketName(stack, 'Imported', enforcer.quarantineBucket.bucketName), REPORT_ON_SSE_S3);
    },
    path: 'Data/Enforcer',
    what: /an enforcer cannot verify its own quarantine bucket/,
    value: '"Data/Imported"',
    remedy: 'Leave the quarantine bucket out; its policy lets nobody but the enforcer write.',
  },
  {
    ...ONCE,
    mistake: 'one bucket twice',
    make: (stack) => {
      const bucket = new s3.Bucket(stack, 'Records');
      enforceAll(stack, [
        ['Enforcer', bucket],
        ['Enforcer', bucket],
      ]);
    },
    path: 'Data/Enforcer',
    value: '"Data/Records"',
  },
  {
    ...ONCE,
    mistake: 'one bucket by two enforcers',
    make: (stack) => {
      const bucket = new s3.Bucket(stack, 'Records');
      enforceAll(stack, [
        ['First', bucket],
        ['Second', bucket],
      ]);
    },
    path: 'Data/Second',
    what: /already verified by Data\/First$/,
    value: '"Data/Records"',
  },
  {
    ...ONCE,
    mistake: 'one bucket through two imports of its name',
    make: (stack) =>
      enforceAll(
        stack,
        ['One', 'Two'].map((id) => ['Enforcer', s3.Bucket.fromBucketName(stack, id, NAME)] as const),
      ),
    path: 'Data/Enforcer',
    value: '"Data/Two"',
  },
  {
    ...ONCE,
    mistake: 'one bucket through its name and its ARN',
    make: (stack) =>
      enforceAll(stack, [
        ['Enforcer', s3.Bucket.fromBucketName(stack, 'One', NAME)],
        ['Enforcer', s3.Bucket.fromBucketArn(stack, 'Two', `arn:aws:s3:::${NAME}`)],
      ]),
    path: 'Data/Enforcer',
    value: '"Data/Two"',
  },
  {
    ...ONCE,
    mistake: 'one bucket as it is, and imported by the name that it was given',
    make: (stack) =>
      enforceAll(stack, [
        ['Enforcer', new s3.Bucket(stack, 'Records', { bucketName: NAME })],
        ['Enforcer', s3.Bucket.fromBucketName(stack, 'Imported', NAME)],
      ]),
    path: 'Data/Enforcer',
    value: '"Data/Imported"',
  },
  {
    ...ONCE,
    mistake: 'one bucket as it is, and through Bucket.fromCfnBucket()',
    make: (stack) => {
      const bucket = new s3.Bucket(stack, 'Records');
      enforceAll(stack, [
        ['Enforcer', bucket],
        ['Enforcer', s3.Bucket.fromCfnBucket(bucket.node.defaultChild as s3.CfnBucket)],
      ]);
    },
    path: 'Data/Enforcer',
    value: '"Data/Records/Resource/@FromCfnBucket"',
  },
  {
    ...ONCE,
    mistake: 'the bucket of an EncryptedBucket, which is verified as it is',
    make: (stack) => {
      const { bucket, enforcer } = new EncryptedBucket(stack, 'Records', { encryption: REPORT_ON_SSE_S3.encryption });
      enforcer.enforce(bucket, REPORT_ON_SSE_S3);
    },
    path: 'Data/SharedEncryptionEnforcer',
    value: '"Data/Records/Bucket"',
  },
  ...(
    [
      ['account', FOREIGN_ACCOUNT, { account: FOREIGN_ACCOUNT }],
      ['Region', 'us-east-1', { region: 'us-east-1' }],
    ] as const
  ).map(([what, value, place]) => ({
    mistake: `a bucket of another ${what}`,
    make: (stack: Stack) =>
      enforcerIn(stack).enforce(s3.Bucket.fromBucketAttributes(stack, 'Imported', { bucketName: NAME, ...place }), REPORT_ON_SSE_S3),
    path: 'Data/Enforcer',
    what: new RegExp(`the bucket Data/Imported is in another ${what} than its enforcer`),
    value: JSON.stringify(value),
    remedy: `Create an enforcer in the bucket's ${what}.`,
  })),
  {
    mistake: 'a bucket that is required to be encrypted otherwise',
    make: (stack) => {
      const bucket = new s3.Bucket(stack, 'Records');
      bucket.with(new mixins.RequireEncryption(ObjectEncryption.sseKms(...keys(stack, 1))));
      enforcerIn(stack).enforce(bucket, REPORT_ON_SSE_S3);
    },
    path: 'Data/Records/Resource',
    what: /the bucket is already required to hold SSE-KMS under arn:aws:kms:eu-west-1:111122223333:key\/\S+, and policy and verifier must agree/,
    value: '"SSE-S3"',
    remedy: 'Pass the same ObjectEncryption to RequireEncryption and to enforce().',
  },
  {
    mistake: 'more keys than a rule holds',
    make: (stack) =>
      enforcerIn(stack).enforce(new s3.Bucket(stack, 'Records'), {
        ...REPORT_ON_SSE_S3,
        encryption: ObjectEncryption.sseKms(...keys(stack, 110)),
      }),
    path: 'Data/Records',
    what: /the rule of the bucket is larger than an SSM parameter holds \(8192 bytes\)/,
    value: '"9015 bytes, 110 keys"',
    remedy: 'Declare fewer keys or prefixes.',
  },
];

const wholeNumber = (name: 'maxReceiveCount' | 'maxConcurrency', least: number) =>
  [least - 1, 1001, 2.5, -1].map((value) => ({
    mistake: `${name}: ${value}`,
    make: (stack: Stack) => enforcerIn(stack, { [name]: value }),
    path: 'Data/Enforcer',
    what: new RegExp(`^${name} must be a whole number from ${least} to 1000$`),
    value: String(value),
    remedy: 'Choose one in that range, or leave it out.',
  }));

const PROP_MISTAKES: readonly Mistake[] = [
  ...wholeNumber('maxReceiveCount', 1),
  ...wholeNumber('maxConcurrency', 2),
  ...[Duration.hours(36), Duration.days(0), Duration.minutes(1)].map((quarantineRetention) => ({
    mistake: `quarantineRetention: ${quarantineRetention}`,
    make: (stack: Stack) => enforcerIn(stack, { quarantineRetention }),
    path: 'Data/Enforcer',
    what: /^quarantineRetention must be whole days, at least one$/,
    value: JSON.stringify(quarantineRetention.toString()),
    remedy: 'Use Duration.days().',
  })),
];

describe('what an enforcer cannot verify is refused when it is told to, with path, value and remedy', () => {
  test.each(BUCKET_MISTAKES)('$mistake', (mistake) => expectRefusal(mistake));
});

describe('props of an enforcer out of their range are refused before anything is made', () => {
  test.each(PROP_MISTAKES)('$mistake', (mistake) => expectRefusal(mistake));
});

describe('what is not refused', () => {
  test('props at the ends of their ranges', () => {
    for (const props of [
      { maxReceiveCount: 1, maxConcurrency: 2, quarantineRetention: Duration.days(1) },
      { maxReceiveCount: 1000, maxConcurrency: 1000, quarantineRetention: Duration.hours(48) },
    ]) {
      expect(() => enforcerIn(newStack(), props)).not.toThrow();
    }
  });

  test('as many keys as fit, counted with the ARNs that deployment gives', () => {
    const stack = newStack();
    enforcerIn(stack).enforce(new s3.Bucket(stack, 'Records'), {
      ...REPORT_ON_SSE_S3,
      encryption: ObjectEncryption.sseKms(...keys(stack, 95)),
    });
    const { Value } = onlyResourceOf(stack, 'AWS::SSM::Parameter').Properties;
    expect(Buffer.byteLength(Value)).toBeLessThanOrEqual(MAX_RULE_BYTES);
  });

  test('keys that are too many only once they are deployed are refused all the same', () => {
    const stack = newStack();
    const own = Array.from({ length: 80 }, (_, i) => new kms.Key(stack, `Key${i}`));
    expect(() =>
      enforcerIn(stack).enforce(new s3.Bucket(stack, 'Records'), { ...REPORT_ON_SSE_S3, encryption: ObjectEncryption.sseKms(...own) }),
    ).toThrow(/larger than an SSM parameter holds/);
  });

  test('whatever cannot be known before deployment', () => {
    const stack = new Stack(newApp(), 'Data');
    const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
    const enforcer = enforcerIn(stack, { maxReceiveCount: number, maxConcurrency: number });
    const elsewhere = s3.Bucket.fromBucketAttributes(stack, 'Elsewhere', {
      bucketName: NAME,
      account: FOREIGN_ACCOUNT,
      region: 'us-east-1',
    });
    for (const bucket of [elsewhere, new s3.Bucket(stack, 'Records')]) enforcer.enforce(bucket, REPORT_ON_SSE_S3);
    expect(complaintsOf(stack).filter((complaint) => !complaint.includes('EventBridgeOfImportedBucket'))).toEqual([]);
  });
});
