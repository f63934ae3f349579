import type { WatchedCalls } from './event-pattern';

/** Calls that change what keeps objects encrypted as required, as CloudTrail prints their names. */

/** https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html */
export const KEY_CALLS: WatchedCalls = {
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
export const BUCKET_CALLS: WatchedCalls = {
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
export const TRAIL_CALLS: WatchedCalls = {
  service: 'cloudtrail',
  eventNames: ['StopLogging', 'StartLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors', 'PutInsightSelectors'],
};

export const PARAMETER_CALLS: WatchedCalls = { service: 'ssm', eventNames: ['PutParameter', 'DeleteParameter', 'DeleteParameters'] };

export const RULE_CALLS: WatchedCalls = {
  service: 'events',
  eventNames: ['DisableRule', 'PutRule', 'DeleteRule', 'PutTargets', 'RemoveTargets'],
};

/**
 * With dates and versions at their ends, which change: https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html.
 * `DeleteFunction` is also how `DeleteFunctionConcurrency20171031` begins.
 */
export const FUNCTION_CALLS: WatchedCalls = {
  service: 'lambda',
  eventNames: [
    'UpdateFunctionCode',
    'UpdateFunctionConfiguration',
    'DeleteFunction',
    'PutFunctionConcurrency',
    'PutRuntimeManagementConfig',
    'PutFunctionRecursionConfig',
    'AddPermission',
    'UpdateEventSourceMapping',
    'DeleteEventSourceMapping',
  ].map((prefix) => ({ prefix })),
};

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/logging-using-cloudtrail.html */
export const QUEUE_CALLS: WatchedCalls = {
  service: 'sqs',
  eventNames: ['PurgeQueue', 'StartMessageMoveTask', 'SetQueueAttributes', 'DeleteQueue', 'AddPermission', 'RemovePermission'],
};

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/logging_cw_api_calls.html */
export const ALARM_CALLS: WatchedCalls = {
  service: 'monitoring',
  eventNames: ['DisableAlarmActions', 'DeleteAlarms', 'PutMetricAlarm', 'PutCompositeAlarm', 'PutAlarmMuteRule', 'SetAlarmState'],
};

/** https://docs.aws.amazon.com/sns/latest/dg/logging-using-cloudtrail.html */
export const TOPIC_CALLS: WatchedCalls = {
  service: 'sns',
  eventNames: [
    'DeleteTopic',
    'SetTopicAttributes',
    'AddPermission',
    'RemovePermission',
    // May deny messages by what is in them: https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-policies.html
    'PutDataProtectionPolicy',
    'Unsubscribe',
    'SetSubscriptionAttributes',
  ],
};

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/logging_cw_api_calls_cwl.html */
export const LOG_CALLS: WatchedCalls = {
  service: 'logs',
  // Under somebody else's key nobody here can read what is logged from then on.
  eventNames: ['DeleteLogGroup', 'DeleteLogStream', 'PutRetentionPolicy', 'AssociateKmsKey', 'DisassociateKmsKey'],
};
