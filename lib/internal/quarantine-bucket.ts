import { Duration, Lazy, type RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { quarantinePolicyStatements } from '../domain/quarantine-policy';
import { RequireEncryption } from '../mixins/require-encryption';
import { ObjectEncryption } from '../object-encryption';
import { quarantineStatements } from './enforcer-permissions';
import { requireValid } from './require-valid';

export interface QuarantineBucketProps {
  /** The only principal that may write. */
  readonly enforcerRole: iam.IRole;
  readonly retention: Duration;
  readonly removalPolicy: RemovalPolicy;
}

/** Where objects that fail verification are kept: versioned, under a key of its own, closed to all but named roles. */
export class QuarantineBucket extends Construct {
  readonly bucket: s3.Bucket;
  readonly key: kms.Key;
  private readonly readerArns: string[];

  constructor(scope: Construct, id: string, props: QuarantineBucketProps) {
    super(scope, id);
    const { enforcerRole, removalPolicy } = props;
    this.readerArns = [enforcerRole.roleArn];
    this.key = new kms.Key(this, 'Key', {
      description: 'Objects that failed encryption verification',
      enableKeyRotation: true,
      removalPolicy,
    });
    this.bucket = this.createBucket(props);
    this.bucket.with(new RequireEncryption(ObjectEncryption.sseKms(this.key)));
    this.closeToOthers(enforcerRole);
    for (const statement of quarantineStatements(this.bucket, this.key)) enforcerRole.addToPrincipalPolicy(statement);
  }

  grantRead(reader: iam.IGrantable): iam.Grant {
    const { principalJson, conditions } = reader.grantPrincipal.policyFragment;
    const arns = principalJson['AWS'] ?? [];
    const isAccount = reader.grantPrincipal instanceof iam.AccountPrincipal || arns.some((arn) => arn.endsWith(':root'));
    const named = arns.length > 0 && !isAccount && !arns.some((arn) => arn.includes('*'));
    requireValid(this, named && Object.keys(conditions).length === 0, {
      what: 'only roles and users can be let into the quarantine bucket, each by its ARN',
      value: principalJson,
      remedy: 'Pass an iam.Role, an iam.User or an iam.ArnPrincipal of one of these.',
    });
    this.readerArns.push(...arns);
    return this.bucket.grantRead(reader);
  }

  private createBucket({ retention, removalPolicy }: QuarantineBucketProps): s3.Bucket {
    return new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: this.key,
      versioned: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy,
      lifecycleRules: [
        {
          id: 'ExpireQuarantinedObjects',
          expiration: retention,
          // A second copy of the same object makes the first one non-current; it is kept as long again.
          noncurrentVersionExpiration: retention,
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
        { id: 'RemoveExpiredDeleteMarkers', expiredObjectDeleteMarker: true },
      ],
    });
  }

  private closeToOthers(enforcerRole: iam.IRole): void {
    const readers = Lazy.list({ produce: () => [...new Set(this.readerArns)] });
    for (const statement of quarantinePolicyStatements(this.bucket.bucketArn, enforcerRole.roleArn, readers)) {
      this.bucket.addToResourcePolicy(iam.PolicyStatement.fromJson(statement));
    }
  }
}
