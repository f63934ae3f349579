import { textOf } from './stacks';

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

/** Of each type, what a reviewer wants to see change; types that are not here show by id alone. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  'AWS::S3::Bucket': [
    'BucketEncryption',
    'PublicAccessBlockConfiguration',
    'VersioningConfiguration',
    'LoggingConfiguration',
    'LifecycleConfiguration',
    'NotificationConfiguration',
    'OwnershipControls',
  ],
  'AWS::S3::BucketPolicy': ['PolicyDocument'],
  'AWS::KMS::Key': ['EnableKeyRotation', 'RotationPeriodInDays', 'MultiRegion', 'PendingWindowInDays', 'KeyPolicy'],
  'AWS::KMS::ReplicaKey': ['PrimaryKeyArn', 'PendingWindowInDays', 'KeyPolicy'],
  'AWS::SQS::Queue': ['SqsManagedSseEnabled', 'RedrivePolicy', 'RedriveAllowPolicy', 'MessageRetentionPeriod'],
  'AWS::SQS::QueuePolicy': ['PolicyDocument'],
  'AWS::SNS::Topic': ['KmsMasterKeyId'],
  'AWS::SNS::TopicPolicy': ['PolicyDocument'],
  'AWS::Logs::LogGroup': ['KmsKeyId', 'RetentionInDays'],
  'AWS::Lambda::Function': ['Runtime', 'Role', 'ReservedConcurrentExecutions', 'Timeout'],
  'AWS::IAM::Role': ['AssumeRolePolicyDocument', 'ManagedPolicyArns'],
  'AWS::IAM::Policy': ['PolicyDocument'],
  'AWS::CloudWatch::Alarm': ['AlarmActions', 'Threshold'],
  'AWS::CloudWatch::CompositeAlarm': ['AlarmActions'],
  'AWS::CloudTrail::Trail': [
    'TrailName',
    'S3BucketName',
    'KMSKeyId',
    'IsMultiRegionTrail',
    'EnableLogFileValidation',
    'AdvancedEventSelectors',
  ],
  'AWS::Events::Rule': ['State'],
  'AWS::SSM::Parameter': ['Name', 'Value'],
};

/** A template small enough to be reviewed: one line for each resource, and one for each security-relevant property. */
export function summaryOf(template: { Resources: Readonly<Record<string, TemplateResource>> }): string {
  const entries = Object.entries(template.Resources).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = entries.flatMap(([logicalId, { Type, Properties = {}, DeletionPolicy }]) => [
    `${logicalId}  ${Type}${DeletionPolicy ? `  ${DeletionPolicy}` : ''}`,
    ...(SHOWN[Type] ?? []).filter((name) => name in Properties).flatMap((name) => propertyLines(name, Properties[name])),
  ]);
  return `${lines.join('\n')}\n`;
}

function propertyLines(name: string, value: unknown): string[] {
  const { Statement } = (value ?? {}) as { Statement?: readonly Readonly<Record<string, unknown>>[] };
  if (Statement === undefined) return [`    ${name} ${compact(value)}`];
  return Statement.map(({ Effect, Sid, ...rest }) => {
    const parts = Object.entries(rest).map(([key, part]) => `${key} ${compact(part)}`);
    return `    ${[Effect, ...(Sid ? [Sid] : []), ...parts].join('  ')}`;
  });
}

/** JSON with less noise; asset hashes are masked, since they change with every line of code. */
function compact(value: unknown): string {
  const flat = JSON.stringify(value, (_, part) => (isIntrinsic(part) ? textOf(part) : part));
  return flat.replace(/"/g, '').replace(/[0-9a-f]{64}/g, '<asset>');
}

function isIntrinsic(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const [name, ...others] = Object.keys(value);
  return others.length === 0 && (name === 'Ref' || name === 'Fn::GetAtt' || name === 'Fn::Join');
}
