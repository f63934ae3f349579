import { callPattern, type EventPatternJson, type Fields, type Matcher, type WatchedCalls } from './event-pattern';

/** What is watched, and how a call says which of them it is about. */
export interface TamperGroup {
  /** Name of its rules. */
  readonly name: string;
  /** Heading of its section in docs/operator-runbook.md, as its anchor. */
  readonly section: string;
  /** What happened, for whoever reads the alert. */
  readonly title: string;
  /** Characters that the name of a thing can have at most. */
  readonly longestThing: number;
  /** Where the call names the thing: paths for the text of the alert. */
  readonly resourcePaths: readonly string[];
  readonly pattern: (things: readonly string[], spared: readonly string[]) => EventPatternJson;
}

const parameter = (name: string, values: readonly unknown[]): Fields => ({ requestParameters: { [name]: values } });
const prefixes = (things: readonly string[]): Matcher[] => things.map((prefix) => ({ prefix }));
const suffixes = (things: readonly string[], before = ''): Matcher[] => things.map((thing) => ({ suffix: before + thing }));

/** https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html */
const KEY_CALLS: WatchedCalls = {
  service: 'kms',
  eventNames: [
    'DisableKey',
    'EnableKey',
    'ScheduleKeyDeletion',
    'CancelKeyDeletion',
    'DeleteImportedKeyMaterial',
    'ImportKeyMaterial',
    'PutKeyPolicy',
    'CreateGrant',
    'RevokeGrant',
    'RetireGrant',
    'DisableKeyRotation',
    'EnableKeyRotation',
    'UpdateAlias',
    'DeleteAlias',
    'ReplicateKey',
    'UpdatePrimaryRegion',
  ],
};

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html */
const BUCKET_CALLS: WatchedCalls = {
  service: 's3',
  eventNames: [
    'DeleteBucket',
    'PutBucketEncryption',
    'DeleteBucketEncryption',
    'PutBucketPolicy',
    'DeleteBucketPolicy',
    'PutBucketAcl',
    'PutBucketVersioning',
    'PutBucketNotification',
    'PutBucketPublicAccessBlock',
    'DeleteBucketPublicAccessBlock',
    'PutBucketOwnershipControls',
    'DeleteBucketOwnershipControls',
    'PutBucketObjectLockConfiguration',
    'PutBucketLifecycle',
    'DeleteBucketLifecycle',
    'PutBucketReplication',
    'DeleteBucketReplication',
  ],
};

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Operations.html */
const TRAIL_CALLS: WatchedCalls = {
  service: 'cloudtrail',
  eventNames: ['StopLogging', 'StartLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors', 'PutInsightSelectors'],
};

const PARAMETER_CALLS: WatchedCalls = { service: 'ssm', eventNames: ['PutParameter', 'DeleteParameter', 'DeleteParameters'] };

const RULE_CALLS: WatchedCalls = {
  service: 'events',
  eventNames: ['DisableRule', 'PutRule', 'DeleteRule', 'PutTargets', 'RemoveTargets'],
};

/**
 * With dates and versions at their ends, which change: https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html.
 * `DeleteFunction` is also how `DeleteFunctionConcurrency20171031` begins.
 */
const FUNCTION_CALLS: WatchedCalls = {
  service: 'lambda',
  eventNames: prefixes([
    'UpdateFunctionCode',
    'UpdateFunctionConfiguration',
    'DeleteFunction',
    'PutFunctionConcurrency',
    'PutRuntimeManagementConfig',
    'PutFunctionRecursionConfig',
    'AddPermission',
    'UpdateEventSourceMapping',
    'DeleteEventSourceMapping',
  ]),
};

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/logging-using-cloudtrail.html */
const QUEUE_CALLS: WatchedCalls = {
  service: 'sqs',
  eventNames: ['PurgeQueue', 'SetQueueAttributes', 'DeleteQueue', 'AddPermission', 'RemovePermission'],
};

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/logging_cw_api_calls.html */
const ALARM_CALLS: WatchedCalls = {
  service: 'monitoring',
  eventNames: ['DisableAlarmActions', 'DeleteAlarms', 'PutMetricAlarm', 'SetAlarmState'],
};

/** https://docs.aws.amazon.com/sns/latest/dg/logging-using-cloudtrail.html */
const TOPIC_CALLS: WatchedCalls = {
  service: 'sns',
  eventNames: ['DeleteTopic', 'SetTopicAttributes', 'AddPermission', 'RemovePermission', 'Unsubscribe', 'SetSubscriptionAttributes'],
};

const REQUEST = '$.detail.requestParameters';

/** Things are named by … */
export const TAMPER_GROUPS = {
  /** … key ids: a call may have the id, or the ARN, which ends in it. */
  keys: {
    name: 'keys',
    longestThing: 36,
    section: 'tampering-with-keys',
    title: 'A KMS key that guarded objects depend on was changed',
    resourcePaths: ['$.detail.resources', `${REQUEST}.keyId`, `${REQUEST}.targetKeyId`],
    pattern: (ids, spared) =>
      callPattern(
        KEY_CALLS,
        // A refused call may come without resources.
        [{ resources: { ARN: suffixes(ids) } }, parameter('keyId', suffixes(ids)), parameter('targetKeyId', suffixes(ids))],
        spared,
      ),
  },
  /** … bucket names. */
  buckets: {
    name: 'buckets',
    longestThing: 63,
    section: 'tampering-with-buckets',
    title: 'The configuration of a guarded bucket was changed',
    resourcePaths: [`${REQUEST}.bucketName`],
    pattern: (names, spared) => callPattern(BUCKET_CALLS, [parameter('bucketName', names)], spared),
  },
  /** … trail names. A call may have the name, or the ARN. None stands for all trails. */
  trail: {
    name: 'trail',
    longestThing: 128,
    section: 'tampering-with-the-trail',
    title: 'A trail of CloudTrail was changed, by which these alerts come',
    resourcePaths: [`${REQUEST}.name`, `${REQUEST}.trailName`],
    pattern: (names, spared) => {
      const matchers = [...names, ...suffixes(names, ':trail/')];
      return callPattern(TRAIL_CALLS, names.length === 0 ? [] : [parameter('name', matchers), parameter('trailName', matchers)], spared);
    },
  },
  /** … beginnings of parameter names. */
  parameters: {
    name: 'parameters',
    longestThing: 64,
    section: 'tampering-with-the-enforcer',
    title: 'A rule of an encryption enforcer was changed: what it requires of a bucket',
    resourcePaths: [`${REQUEST}.name`, `${REQUEST}.names`],
    pattern: (starts, spared) =>
      callPattern(PARAMETER_CALLS, [parameter('name', prefixes(starts)), parameter('names', prefixes(starts))], spared),
  },
  /** … beginnings of the names of EventBridge rules. */
  eventRules: {
    name: 'event-rules',
    longestThing: 64,
    section: 'tampering-with-the-enforcer',
    title: 'A rule of EventBridge was changed, by which events reach an encryption enforcer or these alerts come',
    resourcePaths: [`${REQUEST}.name`, `${REQUEST}.rule`],
    pattern: (starts, spared) =>
      callPattern(RULE_CALLS, [parameter('name', prefixes(starts)), parameter('rule', prefixes(starts))], spared),
  },
  /** … function names. A call may have the name, or an ARN that ends in it; one about an event source names the function in its answer. */
  functions: {
    name: 'functions',
    longestThing: 64,
    section: 'tampering-with-the-enforcer',
    title: 'The function of an encryption enforcer was changed, or what calls it',
    resourcePaths: [`${REQUEST}.functionName`, '$.detail.responseElements.functionArn'],
    pattern: (names, spared) =>
      callPattern(
        FUNCTION_CALLS,
        [
          parameter('functionName', [...names, ...suffixes(names, ':')]),
          { responseElements: { functionArn: suffixes(names, ':function:') } },
        ],
        spared,
      ),
  },
  /** … queue names, in which a URL ends. */
  queues: {
    name: 'queues',
    longestThing: 80,
    section: 'tampering-with-the-enforcer',
    title: 'A queue of an encryption enforcer was changed or emptied',
    resourcePaths: [`${REQUEST}.queueUrl`],
    pattern: (names, spared) => callPattern(QUEUE_CALLS, [parameter('queueUrl', suffixes(names, '/'))], spared),
  },
  /** … alarm names. */
  alarms: {
    name: 'alarms',
    longestThing: 255,
    section: 'tampering-with-the-alerts',
    title: 'An alarm about encryption was changed or silenced',
    resourcePaths: [`${REQUEST}.alarmName`, `${REQUEST}.alarmNames`],
    pattern: (names, spared) => callPattern(ALARM_CALLS, [parameter('alarmName', names), parameter('alarmNames', names)], spared),
  },
  /** … topic ARNs, with which the ARNs of subscriptions begin. */
  topics: {
    name: 'topics',
    longestThing: 320,
    section: 'tampering-with-the-alerts',
    title: 'The topic of these alerts was changed, or who hears of them',
    resourcePaths: [`${REQUEST}.topicArn`, `${REQUEST}.subscriptionArn`],
    pattern: (arns, spared) =>
      callPattern(TOPIC_CALLS, [parameter('topicArn', arns), parameter('subscriptionArn', prefixes(arns.map((arn) => `${arn}:`)))], spared),
  },
} as const satisfies Readonly<Record<string, TamperGroup>>;

/** What KMS itself tells, trail or not. Nobody is named in it: https://docs.aws.amazon.com/kms/latest/developerguide/kms-events.html */
export const KEY_EVENTS: TamperGroup = {
  name: 'key-events',
  longestThing: 36,
  section: 'tampering-with-keys',
  title: 'KMS deleted or rotated a key that guarded objects depend on, or its imported material expired',
  resourcePaths: ['$.detail.key-id'],
  pattern: (ids) => ({
    source: ['aws.kms'],
    'detail-type': ['KMS CMK Deletion', 'KMS CMK Rotation', 'KMS Imported Key Material Expiration'],
    detail: { 'key-id': ids },
  }),
};
