import { Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { removeRemains } from './lifecycle';

/**
 * Where S3 writes who asked for what. SSE-S3, because log delivery knows no other
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html).
 */
export class AccessLogs extends Construct {
  readonly bucket: s3.Bucket;
  private readonly sourceArns: string[] = [];

  constructor(scope: Construct, id: string, retention: Duration) {
    super(scope, id);
    this.bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      lifecycleRules: [{ id: 'Retention', expiration: retention, noncurrentVersionExpiration: Duration.days(30) }, removeRemains(true)],
    });
    this.bucket.addToResourcePolicy(this.deliveryStatement());
    // The bucket outlives its stack; so must HTTPS, and the delivery of logs of buckets that outlive it as well.
    this.bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  }

  /** Not by the `serverAccessLogsBucket` of a bucket, which adds a statement of its own for each. */
  receiveFrom(source: s3.IBucket, prefix: string): void {
    const resource = source.node.defaultChild as s3.CfnBucket;
    resource.loggingConfiguration = { destinationBucketName: this.bucket.bucketName, logFilePrefix: prefix };
    this.sourceArns.push(source.bucketArn);
  }

  /** One for all: fifty would not fit into the 20 KB of a bucket policy. */
  private deliveryStatement(): iam.PolicyStatement {
    return new iam.PolicyStatement({
      sid: 'AllowAccessLogs',
      principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [this.bucket.arnForObjects('buckets/*'), this.bucket.arnForObjects('quarantine/*')],
      conditions: {
        ArnLike: { 'aws:SourceArn': Lazy.list({ produce: () => this.sourceArns }) },
        StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
      },
    });
  }
}
