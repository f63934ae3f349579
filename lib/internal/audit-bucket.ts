import { Annotations, Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { closedFilesStatements, type DeliveringTrail, filesSettingsStatement, trailBucketStatements } from '../domain/audit-policy';
import { transportStatements } from '../domain/bucket-policy';
import type { PolicyStatementJson } from '../domain/policy-statement';
import { RequireEncryption } from '../mixins/require-encryption';
import { ObjectEncryption } from '../object-encryption';
import { addBucketStatements } from './bucket-statements';
import { knownDeployingRoleArn } from './deploying-role';
import { faultMessage } from './require-valid';
import { asStatements, configurationStatements } from './required-policy';

export interface OwnBucketProps {
  readonly key: kms.Key;
  readonly retention: Duration;
  readonly removalPolicy: RemovalPolicy;
  readonly serverAccessLogsBucket?: s3.IBucket | undefined;
}

export interface AuditBucketProps extends OwnBucketProps {
  readonly trails: readonly DeliveringTrail[];
  readonly objectLock?: s3.ObjectLockRetention | undefined;
  readonly configurationAdmins?: string[] | undefined;
}

const MINIMUM_TLS_VERSION = 1.2;

/**
 * Where CloudTrail's files are kept: others do not write them, and nobody deletes them by a request.
 *
 * Without the denies of RequireEncryption: AWS's pages do not agree on how digest files are encrypted, and a trail whose digests are refused
 * proves nothing. Without an S3 Bucket Key: there is a file every few minutes, and CloudTrail's encryption context, which the key's policy asks for, would give
 * way to the bucket's.
 */
export function createAuditBucket(scope: Construct, props: AuditBucketProps): s3.Bucket {
  const bucket = createBucket(scope, 'AuditBucket', props, { objectLockDefaultRetention: props.objectLock, bucketKeyEnabled: false });
  const { bucketArn } = bucket;
  const statements = [
    ...transportStatements(bucketArn, MINIMUM_TLS_VERSION),
    ...closedFilesStatements(bucketArn),
    ...settingsStatements(bucket, props.configurationAdmins),
    ...trailBucketStatements(bucketArn, props.trails),
  ];
  addBucketStatements(bucket.node.defaultChild as s3.CfnBucket, asStatements(statements));
  return bucket;
}

/** Who may change settings: those named, and the role that deploys, which made them. */
function settingsStatements(bucket: s3.Bucket, admins: string[] | undefined): PolicyStatementJson[] {
  const configuration = configurationStatements(bucket, bucket.bucketArn, admins);
  const deployer = knownDeployingRoleArn(bucket);
  if (deployer !== undefined)
    return [...configuration, filesSettingsStatement(bucket.bucketArn, [...new Set([...(admins ?? []), deployer])])];
  const fault = {
    what: 'the synthesizer does not tell which role deploys the stack, so that whoever IAM allows can empty the audit bucket by its lifecycle',
    value: Stack.of(bucket).synthesizer.constructor.name,
    remedy: 'Use the DefaultStackSynthesizer, or acknowledge this warning.',
  };
  Annotations.of(bucket).addWarningV2('cdk-s3-encryption-guard:AuditSettings', faultMessage(bucket, fault));
  return configuration;
}

/**
 * Answers of Athena. Apart from the files: whoever asks must be able to write here, and not there; and Object Lock would keep every answer.
 */
export function createResultsBucket(scope: Construct, props: OwnBucketProps): s3.Bucket {
  const bucket = createBucket(scope, 'Results', { ...props, retention: Duration.days(30) }, {});
  return bucket.with(new RequireEncryption(ObjectEncryption.sseKms(props.key))) as s3.Bucket;
}

function createBucket(scope: Construct, id: string, props: OwnBucketProps, others: s3.BucketProps): s3.Bucket {
  const { key, retention, removalPolicy, serverAccessLogsBucket } = props;
  const bucket = new s3.Bucket(scope, id, {
    encryption: s3.BucketEncryption.KMS,
    encryptionKey: key,
    versioned: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy,
    serverAccessLogsBucket,
    serverAccessLogsPrefix: serverAccessLogsBucket && `${scope.node.id}/${id}/`,
    lifecycleRules: [
      { id: 'Retention', expiration: retention, noncurrentVersionExpiration: retention },
      // In a rule without days, which exclude the markers.
      { id: 'RemoveRemains', expiredObjectDeleteMarker: true, abortIncompleteMultipartUploadAfter: Duration.days(7) },
    ],
    ...others,
  });
  // So that a rule can tell of what is deleted. By the native property: the L2's would bring a custom resource.
  (bucket.node.defaultChild as s3.CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  return bucket;
}
