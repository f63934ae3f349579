import { Annotations, App, Size, Stack, Stage } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptedBucket, type EncryptedBucketProps, type ExpectedLoad, ObjectEncryption } from '../../lib';
import { complaintsOf, ENV, newApp, newStack } from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

const ID = 'cdk-s3-encryption-guard:KmsRequestQuota';
const HOT: ExpectedLoad = { putsPerSecond: 20_000, getsPerSecond: 40_000 };
const NO_BUCKET_KEY = { bucketKeyEnabled: false };

function bucketIn(stack: Stack, id: string, expectedLoad: ExpectedLoad, props: EncryptedBucketProps = NO_BUCKET_KEY): EncryptedBucket {
  return new EncryptedBucket(stack, id, { ...props, expectedLoad });
}

const warningsIn = (stack: Stack) => complaintsOf(stack).filter((complaint) => complaint.includes(ID));

function warningsOf(expectedLoad: ExpectedLoad, props?: EncryptedBucketProps, env?: Parameters<typeof newStack>[0]): string[] {
  const stack = newStack(env);
  bucketIn(stack, 'Records', expectedLoad, props);
  return warningsIn(stack);
}

describe('a load that is more than half of the quota', () => {
  test('is a warning with rate, Region, share, quota, cost, the buckets and the remedy', () => {
    // 60,000 of 100,000 a second; 60,000 × 2,628,000 s × $0.000003 = $473,040
    expect(warningsOf(HOT)).toEqual([
      "Data/Records: S3 is expected to make 60,000 requests a second to KMS in eu-west-1, 60 % of the account's quota of 100,000, where more than " +
        '50 % is too much, and to cost $473,040 a month (got {"Data/Records":60000}). Switch the S3 Bucket Key on for Data/Records. Ask for a ' +
        `higher quota (docs/kms-quota.md), spread the load over accounts or Regions, or acknowledge this. [ack: ${ID}]`,
    ]);
  });

  test('is none with a bucket key, which is the default of SSE-KMS', () => {
    expect(warningsOf(HOT, {})).toEqual([]);
  });

  test('is none for SSE-S3', () => {
    expect(warningsOf(HOT, { encryption: ObjectEncryption.sseS3() })).toEqual([]);
  });

  test('is told of what client-side encryption is stored with', () => {
    expect(warningsOf(HOT, { encryption: ObjectEncryption.clientSide() })).toEqual([]);
  });

  test('can be acknowledged', () => {
    const stack = newStack();
    Annotations.of(bucketIn(stack, 'Records', HOT)).acknowledgeWarning(ID, 'The quota was raised.');
    expect(warningsIn(stack)).toEqual([]);
  });

  test('counts the bucket key that an override switched off', () => {
    const stack = newStack();
    const { bucket } = bucketIn(stack, 'Records', HOT, {});
    (bucket.node.defaultChild as s3.CfnBucket).addPropertyOverride(
      'BucketEncryption.ServerSideEncryptionConfiguration.0.BucketKeyEnabled',
      false,
    );
    expect(warningsIn(stack)).toHaveLength(1);
  });

  test('counts the parts of large objects: 1,000 puts of 500 MiB are 65,000 requests', () => {
    const load = { putsPerSecond: 1000, getsPerSecond: 0, objectSize: Size.mebibytes(500) };
    expect(warningsOf(load)).toEqual([expect.stringContaining('(got {"Data/Records":65000})')]);
    expect(warningsOf({ ...load, partSize: Size.mebibytes(100) })).toEqual([]);
  });
});

describe('the share from which it warns', () => {
  test.each([
    [60, []],
    [59.9, [expect.stringContaining('where more than 59.9 % is too much')]],
  ])('%d %% of the quota, for a load of 60 %%', (warnAbovePercent, warnings) => {
    expect(warningsOf({ ...HOT, warnAbovePercent })).toEqual(warnings);
  });
});

describe('buckets that share a quota', () => {
  const THIRD: ExpectedLoad = { putsPerSecond: 0, getsPerSecond: 30_000 };

  test('are counted together, and the one that asks most says it once', () => {
    const stack = newStack();
    bucketIn(stack, 'Few', THIRD);
    bucketIn(stack, 'Many', { ...THIRD, putsPerSecond: 1 });
    expect(warningsIn(stack)).toEqual([
      expect.stringMatching(
        /^Data\/Many: .* 60,001 .*\(got \{"Data\/Many":30001,"Data\/Few":30000\}\)\. Switch .* on for Data\/Many, Data\/Few\./,
      ),
    ]);
  });

  test('warn at the smallest share that one of them names', () => {
    const stack = newStack();
    bucketIn(stack, 'A', { ...THIRD, warnAbovePercent: 90 });
    bucketIn(stack, 'B', { ...THIRD, warnAbovePercent: 55 });
    expect(warningsIn(stack)).toHaveLength(1);
  });

  test('also across stacks of one account and Region', () => {
    const app = newApp();
    const [one, other] = ['One', 'Other'].map((id) => new Stack(app, id, { env: ENV })) as [Stack, Stack];
    bucketIn(one, 'A', THIRD);
    bucketIn(other, 'B', { ...THIRD, putsPerSecond: 1 });
    expect([...warningsIn(one), ...warningsIn(other)]).toEqual([expect.stringContaining('Other/B: S3 is expected to make 60,001')]);
  });

  test.each([
    ['Regions', { ...ENV, region: 'us-east-1' }],
    ['accounts', { ...ENV, account: '444455556666' }],
  ])('but not of two %s', (_, env) => {
    const app = newApp();
    const [one, other] = [new Stack(app, 'One', { env: ENV }), new Stack(app, 'Other', { env })];
    for (const stack of [one, other]) bucketIn(stack, 'A', THIRD);
    expect([...warningsIn(one), ...warningsIn(other)]).toEqual([]);
  });

  test('nor those of two stages that do not know where they go', () => {
    const app = new App();
    const QUARTER = { putsPerSecond: 0, getsPerSecond: 3000 };
    const stacks = ['Test', 'Production'].map((id) => new Stack(new Stage(app, id), 'Data'));
    for (const stack of stacks) bucketIn(stack, 'A', QUARTER);
    const assembly = app.synth();
    const messages = assembly.nestedAssemblies.flatMap(({ nestedAssembly }) => nestedAssembly.stacks.flatMap((stack) => stack.messages));
    expect(messages.filter(({ entry }) => String(entry.data).includes(ID))).toEqual([]);
  });
});

describe('a Region whose quota is not known', () => {
  const LOW: ExpectedLoad = { putsPerSecond: 6000, getsPerSecond: 0 };
  const ASSUMED = 'quota of 10,000, the lowest there is, taken because the Region is not known';

  test('before deployment has the lowest, and the warning says so', () => {
    expect(warningsOf(LOW, NO_BUCKET_KEY, { env: {} })).toEqual([
      expect.stringContaining(`in a Region that is not known yet, 60 % of the account's ${ASSUMED}`),
    ]);
  });

  test('at all has the lowest, and the warning says so', () => {
    expect(warningsOf(LOW, NO_BUCKET_KEY, { env: { ...ENV, region: 'mars-north-1' } })).toEqual([
      expect.stringContaining(`in mars-north-1, 60 % of the account's ${ASSUMED}`),
    ]);
  });

  test('is another matter than one with the lowest quota', () => {
    expect(warningsOf(LOW, NO_BUCKET_KEY, { env: { ...ENV, region: 'eu-north-1' } })).toEqual([expect.not.stringContaining('the lowest')]);
  });
});

const refused = (mistake: string, load: Partial<ExpectedLoad>, what: RegExp, value: string, remedy: string): Mistake => ({
  mistake,
  make: (stack) => bucketIn(stack, 'Records', { ...HOT, ...load }),
  path: 'Data/Records',
  what,
  value,
  remedy,
});
const RATE = 'Give what is expected in the busiest minute, known at synth.';

test.each([
  refused('a negative rate of puts', { putsPerSecond: -1 }, /putsPerSecond must be a number, zero or more/, '-1', RATE),
  refused('a negative rate of gets', { getsPerSecond: -0.5 }, /getsPerSecond/, '-0.5', RATE),
  refused('NaN', { putsPerSecond: Number.NaN }, /putsPerSecond/, '"NaN"', RATE),
  refused('Infinity', { getsPerSecond: Number.POSITIVE_INFINITY }, /getsPerSecond/, '"Infinity"', RATE),
  refused('a text', { putsPerSecond: '5' as unknown as number }, /putsPerSecond/, '"5"', RATE),
  refused(
    'no requesters',
    { requesters: 0 },
    /requesters must be a number, at least 1/,
    '0',
    'Count the roles, accounts and session policies that read or write.',
  ),
  ...[0, 100.5].map((warnAbovePercent) =>
    refused(
      `${warnAbovePercent} %`,
      { warnAbovePercent },
      /warnAbovePercent/,
      `${warnAbovePercent}`,
      'Choose a share of the quota in percent, or leave it out.',
    ),
  ),
  ...[Size.mebibytes(4), Size.gibibytes(6)].map((partSize) =>
    refused(
      `parts of ${partSize.toMebibytes()} MiB`,
      { partSize },
      /from 5 MiB to 5 GiB/,
      `${partSize.toBytes()}`,
      'Use the part size that your clients have, or leave it out.',
    ),
  ),
  refused(
    'too many parts',
    { objectSize: Size.gibibytes(100) },
    /more than 10000 parts/,
    '12800',
    'Give a larger partSize, as clients need it for such objects.',
  ),
  refused(
    'a number for a size',
    { objectSize: 5 as unknown as Size },
    /objectSize must be a Size/,
    '"5"',
    'Use for example Size.mebibytes(100).',
  ),
])('$mistake is refused', (mistake) => expectRefusal(mistake));
