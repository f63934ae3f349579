import { type App, Aws, Duration, Fn, LegacyStackSynthesizer, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CrossAccountKey, type CrossAccountKeyProps } from '../../lib';
import { DATA_ACCOUNT, KEY_ACCOUNT } from '../support/key-world';
import { newStack } from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

const PRIMARY = `arn:aws:kms:us-east-1:${KEY_ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab`;
const PROPS: CrossAccountKeyProps = { bucketArns: ['arn:aws:s3:::records'], consumerAccounts: [DATA_ACCOUNT] };

const refused = (
  mistake: string,
  props: Partial<Record<keyof CrossAccountKeyProps, unknown>>,
  rest: Pick<Mistake, 'what' | 'value' | 'remedy'>,
): Mistake => ({
  mistake,
  make: (stack) => new CrossAccountKey(stack, 'Key', { ...PROPS, ...props } as CrossAccountKeyProps),
  path: 'Data/Key',
  ...rest,
});

const bucketFault = (value: unknown) => ({
  what: /buckets are named by their ARNs, without objects/,
  value: JSON.stringify(value),
  remedy: 'Pass for example arn:aws:s3:::records; a * may stand at its end, for all names that begin so.',
});
const accountFault = (value: unknown) => ({
  what: /an account is named by something that is not its id/,
  value: JSON.stringify(value),
  remedy: "Pass the 12 digits, as a text: '111122223333'.",
});
const MISTAKES: readonly Mistake[] = [
  refused(
    'no bucket',
    { bucketArns: [] },
    {
      what: /bound to no bucket/,
      value: '[]',
      remedy: 'Name the ARNs of the buckets that it is for.',
    },
  ),
  ...[
    'records',
    'arn:aws:s3:::records/*',
    'arn:aws:s3:::*',
    'arn:aws:s3:::a*',
    'arn:aws:s3:::rec*ords',
    'arn:aws:s3:::record?',
    'arn:aws-cn:s3:::records',
    7,
  ].map((arn) => refused(`a bucket that is ${arn}`, { bucketArns: [arn] }, bucketFault(arn))),
  ...['11112222333', '1111222233334', 'arn:aws:iam::111122223333:root', 111122223333, ''].map((account) =>
    refused(`an account that is ${account}`, { consumerAccounts: [account] }, accountFault(account)),
  ),
  refused(
    'no consumer',
    { consumerAccounts: [] },
    {
      what: /nobody may use/,
      value: '[]',
      remedy: 'Name consumerAccounts, or an organizationId.',
    },
  ),
  refused(
    'an organization by another name',
    { organizationId: 'ou-a1b2-c3d4e5f6' },
    {
      what: /not the id of an organization/,
      value: '"ou-a1b2-c3d4e5f6"',
      remedy: 'Pass it as AWS Organizations prints it, for example o-a1b2c3d4e5.',
    },
  ),
  ...[0, 0.5, -1, Number.NaN].map((days) =>
    refused(
      `${days} days without use`,
      { trailingDaysWithoutKeyUsage: days },
      {
        what: /trailingDaysWithoutKeyUsage must be whole days, from 1 to 3650/,
        value: JSON.stringify(days),
        remedy: 'Choose a number in that range, or leave it out.',
      },
    ),
  ),
  ...[Duration.days(89), Duration.days(2561), Duration.hours(2161)].map((period) =>
    refused(
      `a rotation each ${period.toHours()} hours`,
      { rotationPeriod: period },
      {
        what: /rotationPeriod must be whole days, from 90 to 2560/,
        value: JSON.stringify(period.toDays({ integral: false })),
        remedy: 'Choose a number in that range, or leave it out.',
      },
    ),
  ),
  refused(
    'an administrator of another account',
    { keyAdministrators: ['arn:aws:iam::222222222222:role/admin'] },
    {
      what: /roles and users of the account of the key/,
      value: '"arn:aws:iam::222222222222:role/admin"',
      remedy: 'Pass for example arn:aws:iam::111122223333:role/key-admin, not the ARN of a session, an account or a service.',
    },
  ),
  ...[
    'alias/records',
    'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    'arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab',
    PRIMARY,
  ].map((arn) =>
    refused(
      `a replica of ${arn}`,
      { primaryKeyArn: arn },
      {
        what: /not the ARN of a multi-Region key of this account in another Region/,
        value: JSON.stringify(arn),
        remedy: 'Pass arn:<partition>:kms:<another Region>:<this account>:key/mrk-<key id>.',
      },
    ),
  ),
  refused(
    'a replica that is told to rotate',
    { primaryKeyArn: PRIMARY, multiRegion: true },
    {
      what: /those of its primary key/,
      value: '{"multiRegion":true}',
      remedy: 'Leave them out.',
    },
  ),
  refused(
    'more buckets than a policy holds',
    { bucketArns: Array.from({ length: 300 }, (_, n) => `arn:aws:s3:::records-of-the-department-number-${n}`) },
    {
      what: /larger than the 32768 bytes that KMS takes/,
      value: '"up to 33036 bytes"',
      remedy: 'Name fewer buckets, or some of them together by how their names begin; or make a key for some of them.',
    },
  ),
  ...[`arn:${Aws.PARTITION}:s3:::*`, `arn:${Aws.PARTITION}:s3:::records/*`, `arn:aws:s3:::rec*-${Aws.REGION}`, `${Aws.PARTITION}*`].map(
    (arn) => ({
      ...refused(`a token that hides ${arn.replace(/\$\{[^}]*\}/g, '')}`, { bucketArns: [arn] }, bucketFault('')),
      value: `"${arn.replace(/\$\{[^}]*\}/g, '<known at deployment>')}"`,
    }),
  ),
  ...['eu-west-1', 'us-east', 'US-EAST-1', '*', 'cn-north-1', Aws.REGION, 7].map((region) =>
    refused(
      `a replica in ${String(region).replace(/^\$.*/, 'a Region that is not known')}`,
      { multiRegion: true, replicaRegions: [region] },
      {
        what: /other Regions of the partition of the key, by their names/,
        value: region === Aws.REGION ? '"<known at deployment>"' : JSON.stringify(region),
        remedy: 'Pass for example us-east-1.',
      },
    ),
  ),
  refused(
    'no Region for replicas',
    { multiRegion: true, replicaRegions: [] },
    { what: /no list of at least one Region/, value: '[]', remedy: 'Name at least one, or leave it out.' },
  ),
  ...[{ multiRegion: false }, { primaryKeyArn: PRIMARY.replace(KEY_ACCOUNT, '111122223333') }].map((props) =>
    refused(
      `replicas of a key with ${Object.keys(props).join()}`,
      { ...props, replicaRegions: ['us-east-1'] },
      {
        what: /a key that has no replicas/,
        value: '["us-east-1"]',
        remedy: 'Set multiRegion: true where the key is made; leave them out of a replica.',
      },
    ),
  ),
  {
    mistake: 'a bucket that waits for the key',
    make: (stack) => new CrossAccountKey(stack, 'Key', { ...PROPS, bucketArns: [new s3.Bucket(stack, 'Bucket').bucketArn] }),
    path: 'Data/Key',
    what: /a bucket under this key waits for the key/,
    value: '"<known at deployment>"',
    remedy: 'Give the bucket a name, and write its ARN with that name.',
  },
  {
    mistake: 'administrators, where the deploying role is not known',
    make: ({ node }) => {
      const stack = new Stack(node.root as App, 'Legacy', { synthesizer: new LegacyStackSynthesizer() });
      new CrossAccountKey(stack, 'Key', { ...PROPS, keyAdministrators: ['arn:aws:iam::111122223333:role/admin'] });
    },
    path: 'Legacy/Key',
    what: /keyAdministrators must include the role that deploys the stack/,
    value: '"LegacyStackSynthesizer"',
    remedy: 'Use the DefaultStackSynthesizer, or give its cloudFormationExecutionRole.',
  },
];

test.each(MISTAKES.map((mistake) => [mistake.mistake, mistake] as const))('refused: %s', (_, mistake) => expectRefusal(mistake));

test('a bucket may be named with partition, account and Region of the stack, or by another stack', () => {
  const stack = newStack();
  expect(
    () =>
      new CrossAccountKey(stack, 'Key', {
        ...PROPS,
        bucketArns: [`arn:${Aws.PARTITION}:s3:::records-${Aws.ACCOUNT_ID}`, `arn:${Aws.PARTITION}:s3:::team-*`, Fn.importValue('Bucket')],
      }),
  ).not.toThrow();
});
