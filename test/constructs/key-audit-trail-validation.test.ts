import { App, CliCredentialsStackSynthesizer, Duration, Size, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptionEnforcer, KeyAuditTrail, type KeyAuditTrailProps } from '../../lib';
import { RIGHT_KEY } from '../domain/sample-keys';
import { complaintsOf, newStack } from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

const TRAIL = 'arn:aws:cloudtrail:eu-west-1:222222222222:trail/data-audit';
const recordsIn = (stack: Stack) => new s3.Bucket(stack, 'Records');
const audit = (props: (stack: Stack) => Partial<KeyAuditTrailProps>) => (stack: Stack) =>
  new KeyAuditTrail(stack, 'Audit', { buckets: [recordsIn(stack)], ...props(stack) });
const central = (stack: Stack) => ({
  auditBucket: s3.Bucket.fromBucketName(stack, 'Central', 'central-audit'),
  auditBucketKey: kms.Key.fromKeyArn(stack, 'CentralKey', RIGHT_KEY),
});
const PAIR = { what: /auditBucket and auditBucketKey belong together/, remedy: 'Give both, or neither.' };
const DAYS = { what: /retention must be whole days, at least 90/, remedy: 'Use Duration.days().' };
const SCAN = { what: /scanLimit must be 10 MB at least/, remedy: 'Use Size.gibibytes().' };
const REGIONS = { what: /regions are names of Regions/, remedy: 'Write them as eu-west-1, or leave regions out for all.' };
const TRAILS = {
  what: /otherTrails are ARNs of trails, known at synth/,
  remedy: "Pass the trailArn of the other account's KeyAuditTrail, such as arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit.",
};
const FEEDBACK = { remedy: 'Leave it out of buckets.' };

const MISTAKES: readonly (Omit<Mistake, 'path'> & { readonly path?: string })[] = [
  {
    mistake: 'no list of buckets',
    make: audit(() => ({ buckets: undefined }) as unknown as KeyAuditTrailProps),
    what: /is told whose objects it records/,
    value: 'undefined',
    remedy: 'Name the guarded buckets in buckets, or none: [].',
  },
  ...['ab', 'my audit', '-audit', 'audit--a', 'a name with blanks'].map((trailName) => ({
    mistake: `the trail name ${trailName}`,
    make: audit(() => ({ buckets: [], trailName })),
    what: /trailName must be known at synth/,
    value: JSON.stringify(trailName),
    remedy: 'Choose another, or leave it out.',
  })),
  {
    mistake: 'a bucket of another account',
    make: audit((stack) => ({
      buckets: [s3.Bucket.fromBucketAttributes(stack, 'Theirs', { bucketName: 'theirs', account: '999999999999', region: 'us-east-1' })],
    })),
    what: /a bucket of another account is named/,
    value: '"999999999999"',
    remedy: 'Make a KeyAuditTrail in that account, and name it in otherTrails here.',
  },
  {
    mistake: 'an alias among keys',
    make: audit((stack) => ({ keys: [kms.Alias.fromAliasName(stack, 'Alias', 'alias/data')] })),
    what: /one of keys is no key by its full ARN/,
    value: '"arn:<known at deployment>:kms:eu-west-1:111122223333:alias/data"',
    remedy: 'Import it with kms.Key.fromKeyArn().',
  },
  {
    mistake: 'a wildcard among administrators',
    make: audit(() => ({ configurationAdmins: ['arn:aws:iam::111122223333:role/*'] })),
    path: 'Data/Audit/AuditBucket',
    what: /configurationAdmins are roles and users/,
    value: '"arn:aws:iam::111122223333:role/*"',
    remedy: 'Pass for example arn:aws:iam::111122223333:role/storage-admin, not the ARN of a session, an account or a service.',
  },
  {
    mistake: 'more buckets than selectors hold',
    make: audit((stack) => ({ buckets: Array.from({ length: 498 }, (_, i) => s3.Bucket.fromBucketName(stack, `B${i}`, `bucket-${i}`)) })),
    what: /a trail takes 500 values in all its selectors, which leaves 497 buckets/,
    value: '498',
    remedy: 'Make a second KeyAuditTrail for the others; an account has five trails in each Region.',
  },
  {
    mistake: 'a bucket twice, once by its name',
    make: audit((stack) => ({
      buckets: [new s3.Bucket(stack, 'Named', { bucketName: 'named' }), s3.Bucket.fromBucketName(stack, 'Again', 'named')],
    })),
    what: /a bucket is named twice/,
    value: '"Data/Again"',
    remedy: 'Name it once.',
  },
  {
    ...FEEDBACK,
    mistake: 'the central audit bucket',
    make: audit((stack) => ({ ...central(stack), buckets: [s3.Bucket.fromBucketName(stack, 'Mine', 'central-audit')] })),
    what: /a bucket of the audit Data\/Audit cannot be recorded/,
    value: '"Data/Mine"',
  },
  {
    ...FEEDBACK,
    mistake: 'the audit bucket of another trail',
    make: audit((stack) => ({ buckets: [new KeyAuditTrail(stack, 'Other', { buckets: [new s3.Bucket(stack, 'Rest')] }).auditBucket] })),
    what: /a bucket of the audit Data\/Other cannot be recorded/,
    value: '"Data/Other/AuditBucket"',
  },
  {
    ...FEEDBACK,
    mistake: 'the bucket of access logs',
    make: audit((stack) => {
      const serverAccessLogsBucket = new s3.Bucket(stack, 'AccessLogs', { encryption: s3.BucketEncryption.S3_MANAGED });
      return { serverAccessLogsBucket, buckets: [serverAccessLogsBucket] };
    }),
    what: /a bucket of the audit Data\/Audit cannot be recorded/,
    value: '"Data/AccessLogs"',
  },
  {
    ...FEEDBACK,
    mistake: 'a quarantine bucket',
    make: audit((stack) => ({ buckets: [new EncryptionEnforcer(stack, 'Enforcer').quarantineBucket] })),
    what: /the quarantine bucket of Data\/Enforcer is not recorded/,
    value: '"Data/Enforcer/Quarantine/Bucket"',
  },
  {
    ...DAYS,
    mistake: 'a retention shorter than a question looks back',
    make: audit(() => ({ retention: Duration.days(89) })),
    value: '"Duration.days(89)"',
  },
  { ...DAYS, mistake: 'half a day', make: audit(() => ({ retention: Duration.hours(2172) })), value: '"Duration.hours(2172)"' },
  { ...SCAN, mistake: 'a scan limit that Athena does not take', make: audit(() => ({ scanLimit: Size.mebibytes(9) })), value: '9437184' },
  { ...REGIONS, mistake: 'no Region', make: audit(() => ({ regions: [] })), value: '[]' },
  {
    ...REGIONS,
    mistake: 'a Region that is none, and one twice',
    make: audit(() => ({ regions: ['Ireland', 'eu-west-1', 'eu-west-1'] })),
    value: '["Ireland","eu-west-1"]',
  },
  {
    ...TRAILS,
    mistake: 'a name instead of an ARN of a trail',
    make: audit(() => ({ otherTrails: ['data-audit'] })),
    value: '"data-audit"',
  },
  {
    ...TRAILS,
    mistake: 'a trail of an account of 11 digits',
    make: audit(() => ({ otherTrails: [TRAIL.replace('2:t', ':t')] })),
    value: `"${TRAIL.replace('2:t', ':t')}"`,
  },
  {
    ...TRAILS,
    mistake: 'a trail of another partition',
    make: audit(() => ({ otherTrails: [TRAIL.replace('aws', 'aws-cn')] })),
    value: `"${TRAIL.replace('aws', 'aws-cn')}"`,
  },
  {
    mistake: 'a trail twice',
    make: audit(() => ({ otherTrails: [TRAIL, TRAIL] })),
    what: /a trail is named twice/,
    value: `"${TRAIL}"`,
    remedy: 'Name it once.',
  },
  {
    ...PAIR,
    mistake: 'a central bucket without its key',
    make: audit((stack) => ({ auditBucket: central(stack).auditBucket })),
    value: '"no auditBucketKey"',
  },
  {
    ...PAIR,
    mistake: 'the key of no central bucket',
    make: audit((stack) => ({ auditBucketKey: central(stack).auditBucketKey })),
    value: '"no auditBucket"',
  },
  {
    mistake: 'an alias for the key of a central bucket',
    make: audit((stack) => ({ ...central(stack), auditBucketKey: kms.Alias.fromAliasName(stack, 'Alias', 'alias/audit') })),
    what: /auditBucketKey is no key by its full ARN/,
    value: '"arn:<known at deployment>:kms:eu-west-1:111122223333:alias/audit"',
    remedy: 'Import it with kms.Key.fromKeyArn().',
  },
  {
    mistake: 'asking where the files are not',
    make: (stack) => audit(central)(stack).grantQuery(new iam.Role(stack, 'Auditor', { assumedBy: new iam.AccountRootPrincipal() })),
    what: /Athena is asked where the files are/,
    value: '"Data/Central"',
    remedy: 'Call grantQuery() of the KeyAuditTrail there.',
  },
  {
    mistake: 'a role of another account that asks',
    make: (stack) => audit(() => ({}))(stack).grantQuery(iam.Role.fromRoleArn(stack, 'Auditor', 'arn:aws:iam::999999999999:role/Auditor')),
    what: /needs IAM policies of the account of the audit/,
    value: '"Data/Auditor"',
    remedy: 'Pass a role, user or group of that account; people of others assume a role there.',
  },
  {
    mistake: 'somebody without IAM policies who asks',
    make: (stack) => audit(() => ({}))(stack).grantQuery(new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Auditor')),
    what: /needs IAM policies of the account of the audit/,
    value: '"ArnPrincipal(arn:aws:iam::111122223333:role/Auditor)"',
    remedy: 'Pass a role, user or group of that account; people of others assume a role there.',
  },
  {
    mistake: "what is said of somebody else's bucket",
    make: audit((stack) => ({ ...central(stack), retention: Duration.days(100), regions: ['eu-west-1'] })),
    what: /auditBucket belongs to somebody else/,
    value: '["retention","regions"]',
    remedy: 'Say it where the bucket is made.',
  },
];

test.each(MISTAKES)('refused: $mistake', (mistake) => {
  expectRefusal({ path: 'Data/Audit', ...mistake });
});

test('a synthesizer that does not tell who deploys is warned of, since then nobody else can be kept out', () => {
  const stack = new Stack(new App(), 'Data', { synthesizer: new CliCredentialsStackSynthesizer() });
  new KeyAuditTrail(stack, 'Audit', { buckets: [recordsIn(stack)] });
  expect(complaintsOf(stack)).toEqual([expect.stringMatching(/whoever IAM allows can empty the audit bucket by its lifecycle/)]);
});

test('a bucket that gets access logs is found at synthesis, whenever that was said', () => {
  const stack = newStack();
  const logs = new s3.Bucket(stack, 'AccessLogs', { encryption: s3.BucketEncryption.S3_MANAGED });
  const trail = new KeyAuditTrail(stack, 'Audit', { buckets: [recordsIn(stack), logs] });
  new s3.Bucket(stack, 'Later', { serverAccessLogsBucket: logs });
  expect(trail.node.validate()).toEqual([
    'Data/Audit: a bucket that gets server access logs cannot be recorded: each log file would be an event (got "Data/AccessLogs"). ' +
      'Leave it out of buckets, or log to another one.',
  ]);
});

test('a bucket that becomes the audit bucket of another trail later is found at synthesis', () => {
  const stack = newStack();
  const trail = new KeyAuditTrail(stack, 'Audit', { buckets: [s3.Bucket.fromBucketName(stack, 'Mine', 'central-audit')] });
  new KeyAuditTrail(stack, 'Other', { buckets: [recordsIn(stack)], ...central(stack) });
  expect(trail.node.validate()).toEqual([expect.stringMatching(/^Data\/Audit: a bucket of the audit Data\/Other cannot be recorded/)]);
});
