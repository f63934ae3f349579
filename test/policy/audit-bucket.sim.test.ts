import * as s3 from 'aws-cdk-lib/aws-s3';
import { simulate } from '../../demo/policy/simulate';
import { KeyAuditTrail } from '../../lib';
import { newStack, policiesOf, textOf } from '../support/stacks';

/** The rendered policy of the audit bucket, put to an evaluator that others wrote. */
const ACCOUNT = '111122223333';
const BUCKET = 'arn:aws:s3:::the-audit';
const OTHER_TRAIL = 'arn:aws:cloudtrail:eu-west-1:222222222222:trail/data-audit';
const FILE = `${BUCKET}/AWSLogs/${ACCOUNT}/CloudTrail/eu-west-1/2026/11/19/file.json.gz`;
const OTHERS_FILE = FILE.replace(`AWSLogs/${ACCOUNT}`, 'AWSLogs/222222222222');

const stack = newStack();
const audit = new KeyAuditTrail(stack, 'Audit', { buckets: [new s3.Bucket(stack, 'Records')], otherTrails: [OTHER_TRAIL] });
const [policy] = policiesOf(stack, audit.auditBucket);
const known = { [`${/\{(\w+)\./.exec(textOf(stack.resolve(audit.auditBucket.bucketArn)))?.[1]}.Arn`]: BUCKET };
const resourcePolicy = JSON.parse(
  JSON.stringify(policy?.Properties.PolicyDocument, (_, value) =>
    typeof value === 'object' && value !== null && ('Fn::Join' in value || 'Fn::GetAtt' in value) ? textOf(value, known) : value,
  ),
);

const HTTPS = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.2' };
const ACL = { 's3:x-amz-acl': 'bucket-owner-full-control' };

interface Request {
  readonly action: string;
  readonly resource?: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** What S3 says to CloudTrail, on behalf of a trail. */
async function cloudTrail(trail: string, { action, resource = FILE, context = ACL }: Request) {
  const principal = 'cloudtrail.amazonaws.com';
  const identity = { 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': principal, 'aws:SourceArn': trail };
  const isPut = action === 's3:PutObject';
  const decision = await simulate({
    principal,
    action,
    resource,
    account: ACCOUNT,
    context: { ...HTTPS, ...identity, ...(isPut && context) },
    identityPolicies: [],
    resourcePolicy,
  });
  return decision.result;
}

/** To somebody of the account who may do everything on S3. */
async function admin({ action, resource = FILE, context = {} }: Request) {
  const principal = `arn:aws:iam::${ACCOUNT}:role/admin`;
  const { result, deniedBy } = await simulate({
    principal,
    action,
    resource,
    account: ACCOUNT,
    context: { ...HTTPS, 'aws:PrincipalArn': principal, 'aws:PrincipalIsAWSService': 'false', ...context },
    identityPolicies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] }],
    resourcePolicy,
  });
  return deniedBy.length > 0 ? deniedBy.join(', ') : result;
}

const put = { action: 's3:PutObject' };
const acl = { action: 's3:GetBucketAcl', resource: BUCKET };

test.each([
  ['this trail writes its files', audit.trailArn, put],
  ['this trail asks for the ACL', audit.trailArn, acl],
  ['the other trail writes its own files', OTHER_TRAIL, { ...put, resource: OTHERS_FILE }],
  ['the other trail asks for the ACL', OTHER_TRAIL, acl],
])('CloudTrail is let in: %s', async (_, trail, request) => {
  expect(await cloudTrail(trail, request)).toBe('Allowed');
});

test.each([
  ["a stranger's trail", `arn:aws:cloudtrail:eu-west-1:999999999999:trail/x`, put],
  ['another trail of this account', `${audit.trailArn}-2`, put],
  ['this trail, beside the files', audit.trailArn, { ...put, resource: `${BUCKET}/other/file` }],
  ['this trail, without giving the file to the owner', audit.trailArn, { ...put, context: {} }],
  ["a stranger's trail, asking for the ACL", 'arn:aws:cloudtrail:eu-west-1:999999999999:trail/x', acl],
  ['this trail, deleting', audit.trailArn, { action: 's3:DeleteObject' }],
])('CloudTrail is not let in: %s', async (_, trail, request) => {
  expect(await cloudTrail(trail, request)).not.toBe('Allowed');
});

test.each([
  ['write a file', put, 'DenyWritesByOthers'],
  ['replicate one in', { action: 's3:ReplicateObject' }, 'DenyWritesByOthers'],
  ['delete one', { action: 's3:DeleteObject' }, 'DenyDeletion'],
  ['delete a version', { action: 's3:DeleteObjectVersion' }, 'DenyDeletion'],
  ['re-key one', { action: 's3:UpdateObjectEncryption' }, 'DenyDeletion'],
  ['read one over HTTP', { action: 's3:GetObject', context: { 'aws:SecureTransport': 'false' } }, 'DenyInsecureTransport'],
  ['read one over TLS 1.1', { action: 's3:GetObject', context: { 's3:TlsVersion': '1.1' } }, 'DenyOldTlsVersions'],
])('an administrator cannot %s', async (_, request, sid) => {
  expect(await admin(request)).toBe(sid);
});

test.each([
  ['read a file', { action: 's3:GetObject' }],
  ['list files', { action: 's3:ListBucket', resource: BUCKET }],
  ['hold one, for a court', { action: 's3:PutObjectLegalHold' }],
  ['change the policy, which is theirs', { action: 's3:PutBucketPolicy', resource: BUCKET }],
])('an administrator can %s', async (_, request) => {
  expect(await admin(request)).toBe('Allowed');
});
