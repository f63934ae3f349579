import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ENCRYPTION_CONTEXT, inContext } from '../../demo/policy/encryption-context';
import { simulate } from '../../demo/policy/simulate';
import { KeyAuditTrail } from '../../lib';
import { newStack, resourcesOf, textOf } from '../support/stacks';

/** What Athena does in the name of whoever asks, put to the rendered policy of a role by an evaluator that others wrote. */
const ACCOUNT = '111122223333';
const HOME = `eu-west-1:${ACCOUNT}`;
const stack = newStack();
const audit = new KeyAuditTrail(stack, 'Audit', { buckets: [new s3.Bucket(stack, 'Records')] });
const auditor = new iam.Role(stack, 'Auditor', { assumedBy: new iam.AccountRootPrincipal() });
audit.grantQuery(auditor);

const KEY = `arn:aws:kms:${HOME}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const nameIn = (value: unknown) => /\{(\w+)/.exec(textOf(stack.resolve(value)))?.[1] ?? '';
const known: Record<string, string> = {
  [`${nameIn(audit.auditBucket.bucketArn)}.Arn`]: 'arn:aws:s3:::the-audit',
  [`${nameIn(audit.resultsBucket?.bucketArn)}.Arn`]: 'arn:aws:s3:::the-answers',
  [`${nameIn(audit.auditKey.keyArn)}.Arn`]: KEY,
  [nameIn(audit.queries[0]?.workGroup)]: 'audit',
  [nameIn(audit.queries[0]?.database)]: 'audit_log',
};
const identityPolicies = resourcesOf(stack, 'AWS::IAM::Policy').map(({ Properties }) =>
  JSON.parse(
    JSON.stringify(Properties.PolicyDocument, (_, value) =>
      typeof value === 'object' && value !== null && ['Ref', 'Fn::Join', 'Fn::GetAtt'].some((name) => name in value)
        ? textOf(value, known)
        : value,
    ),
  ),
);

const workGroup = (name: string) => `arn:aws:athena:${HOME}:workgroup/${name}`;
const FILE = `arn:aws:s3:::the-audit/AWSLogs/${ACCOUNT}/CloudTrail/eu-west-1/2026/11/19/file.json.gz`;
const ANSWER = 'arn:aws:s3:::the-answers/answer.csv';

/** What S3 tells KMS of whom it asks for, and about what. */
const throughS3 = (arn: string, service = 's3') => ({
  'kms:ViaService': `${service}.eu-west-1.amazonaws.com`,
  'kms:EncryptionContext:aws:s3:arn': arn,
});

async function mayAuditor(action: string, resource: string, context: Record<string, string> = {}): Promise<boolean> {
  const principal = `arn:aws:iam::${ACCOUNT}:role/auditor`;
  const { [ENCRYPTION_CONTEXT]: encryptionContext, ...others } = context;
  const policies = identityPolicies.map((policy) => inContext(policy, encryptionContext));
  const keyPolicy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
  };
  const resourcePolicy = action.startsWith('kms:') ? keyPolicy : undefined;
  return (await simulate({ principal, action, resource, account: ACCOUNT, context: others, identityPolicies: policies, resourcePolicy }))
    .allowed;
}

test.each<[string, string, Record<string, string>?]>([
  ['athena:StartQueryExecution', workGroup('audit')],
  ['athena:GetQueryExecution', workGroup('audit')],
  ['athena:GetQueryResults', workGroup('audit')],
  ['athena:GetNamedQuery', workGroup('audit')],
  ['athena:ListNamedQueries', workGroup('audit')],
  ['glue:GetTable', `arn:aws:glue:${HOME}:table/audit_log/cloudtrail_logs`],
  ['glue:GetDatabase', `arn:aws:glue:${HOME}:database/audit_log`],
  ['s3:GetBucketLocation', 'arn:aws:s3:::the-answers'],
  ['s3:ListBucket', 'arn:aws:s3:::the-audit'],
  ['s3:GetObject', FILE],
  ['s3:GetObject', ANSWER],
  ['s3:PutObject', ANSWER],
  ['s3:AbortMultipartUpload', ANSWER],
  ['s3:ListMultipartUploadParts', ANSWER],
  ['kms:Decrypt', KEY, throughS3(FILE)],
  ['kms:Decrypt', KEY, throughS3(ANSWER)],
  ['kms:GenerateDataKey', KEY, throughS3(ANSWER)],
  // With an S3 Bucket Key.
  ['kms:GenerateDataKey', KEY, throughS3('arn:aws:s3:::the-answers')],
])('whoever may ask, may %s on %s', async (...[action, resource, context]) => {
  expect(await mayAuditor(action, resource, context)).toBe(true);
});

test.each<[string, string, Record<string, string>?]>([
  ['athena:StartQueryExecution', workGroup('primary')],
  ['athena:UpdateWorkGroup', workGroup('audit')],
  ['athena:DeleteNamedQuery', workGroup('audit')],
  ['glue:UpdateTable', `arn:aws:glue:${HOME}:table/audit_log/cloudtrail_logs`],
  ['glue:GetTable', `arn:aws:glue:${HOME}:table/audit_log/others`],
  ['s3:PutObject', FILE],
  ['s3:DeleteObject', FILE],
  ['s3:DeleteObject', ANSWER],
  ['s3:GetObjectVersion', FILE],
  ['s3:GetObject', 'arn:aws:s3:::the-audit/elsewhere'],
  ['s3:GetBucketPolicy', 'arn:aws:s3:::the-audit'],
  ['s3:PutObjectLegalHold', ANSWER],
  ['s3:PutObjectRetention', ANSWER],
  ['s3:PutObjectTagging', ANSWER],
  ['kms:DisableKey', KEY],
  ['kms:Decrypt', KEY],
  ['kms:GenerateDataKey', KEY],
  ['kms:Decrypt', KEY, throughS3(FILE, 'logs')],
  ['kms:Decrypt', KEY, throughS3('arn:aws:s3:::others/file')],
  ['kms:GenerateDataKey', KEY, throughS3(FILE)],
  ['kms:Encrypt', KEY, throughS3(ANSWER)],
  ['kms:ReEncryptFrom', KEY, throughS3(FILE)],
])('and nothing else, such as %s on %s', async (...[action, resource, context]) => {
  expect(await mayAuditor(action, resource, context)).toBe(false);
});
