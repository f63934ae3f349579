import { Annotations, Duration, Lazy, type RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { PolicyStatementJson } from '../domain/policy-statement';
import { quarantinePolicyStatements, releasePolicyStatements } from '../domain/quarantine-policy';
import { RequireEncryption } from '../mixins/require-encryption';
import { ObjectEncryption } from '../object-encryption';
import { quarantineStatements } from './enforcer-permissions';
import { createObjectKey } from './object-key';
import { isRoleOrUserArn } from './principal-arn';
import { faultMessage, requireValid } from './require-valid';

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
  /** Besides the enforcer. */
  private readonly readerArns: string[] = [];
  private readonly bucketsElsewhere = new Set<s3.IBucket>();
  private release: { readonly roleArn: string; readonly namedArn: string } | undefined;

  constructor(scope: Construct, id: string, props: QuarantineBucketProps) {
    super(scope, id);
    const { enforcerRole, removalPolicy } = props;
    this.key = createObjectKey(this, 'Objects that failed encryption verification', removalPolicy);
    this.bucket = this.createBucket(props);
    this.bucket.with(new RequireEncryption(ObjectEncryption.sseKms(this.key)));
    this.closeToOthers(enforcerRole);
    for (const statement of quarantineStatements(this.bucket, this.key)) enforcerRole.addToPrincipalPolicy(statement);
  }

  grantRead(reader: iam.IGrantable): iam.Grant {
    const { principalJson, conditions } = reader.grantPrincipal.policyFragment;
    const arns = principalJson['AWS'] ?? [];
    requireValid(this, isRoleOrUser(reader.grantPrincipal, arns) && Object.keys(conditions).length === 0, {
      what: 'only roles and users can be let into the quarantine bucket, each by its ARN',
      value: principalJson,
      remedy: 'Pass an iam.Role, an iam.User or an iam.ArnPrincipal of one of these.',
    });
    this.requireSameStack(reader.grantPrincipal, arns);
    this.readerArns.push(...arns);
    for (const arn of arns) this.warnIfUnknown(arn, this.bucketsElsewhere);
    return this.bucket.grantRead(reader);
  }

  /**
   * Lets the role that releases and discards do that, and no more.
   *
   * @param namedArn - of the same role, for policies in other stacks
   */
  admitRelease(roleArn: string, namedArn: string): void {
    this.release = { roleArn, namedArn };
    this.addStatements(releasePolicyStatements(this.bucket.bucketArn, roleArn));
  }

  /** ARNs of those who may read tagged objects of a bucket: the enforcer and what releases, by its name, and whoever may read the quarantine. */
  readersOfTagged(bucket: s3.IBucket, enforcerArn: string): string[] {
    if (Stack.of(bucket) !== Stack.of(this)) this.bucketsElsewhere.add(bucket);
    for (const reader of this.readerArns) this.warnIfUnknown(reader, [bucket]);
    return Lazy.list({
      produce: () => [enforcerArn, ...this.releaseArns('namedArn'), ...this.readerArns.filter((reader) => this.isKnownTo(bucket, reader))],
    });
  }

  private isKnownTo(bucket: s3.IBucket, reader: string): boolean {
    return !this.bucketsElsewhere.has(bucket) || !Token.isUnresolved(reader);
  }

  /** The stack of such a bucket cannot wait for this one, which waits for the bucket. That closes too much rather than too little. */
  private warnIfUnknown(reader: string, buckets: Iterable<s3.IBucket>): void {
    for (const bucket of [...buckets].filter((each) => !this.isKnownTo(each, reader))) {
      const fault = {
        what: 'somebody who may read the quarantine cannot read tagged objects of this bucket: the ARN is not known outside the stack of the enforcer',
        value: reader,
        remedy: 'Give the role a name, and pass iam.Role.fromRoleArn() with its ARN to grantQuarantineRead().',
      };
      Annotations.of(bucket).addWarningV2('cdk-s3-encryption-guard:UnknownReader', faultMessage(bucket, fault));
    }
  }

  /** The bucket's policy would name the role, and the role's policy the bucket: two stacks cannot wait for each other. */
  private requireSameStack(principal: iam.IPrincipal, arns: string[]): void {
    const isElsewhere = Construct.isConstruct(principal) && Stack.of(principal) !== Stack.of(this);
    requireValid(this, !isElsewhere || !arns.some((arn) => Token.isUnresolved(arn)), {
      what: 'a role or user of another stack cannot be let into the quarantine bucket before its ARN is known',
      value: isElsewhere ? principal.node.path : arns,
      remedy: 'Give it a name, and pass iam.Role.fromRoleArn() with its ARN, or make it in the stack of the enforcer.',
    });
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
        },
        // In a rule without days, which exclude the markers; and CloudFormation takes no rule with the markers alone:
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-rule.html
        { id: 'RemoveRemains', expiredObjectDeleteMarker: true, abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
    });
  }

  private closeToOthers(enforcerRole: iam.IRole): void {
    const changers = Lazy.list({ produce: () => [enforcerRole.roleArn, ...this.releaseArns('roleArn')] });
    const readers = Lazy.list({ produce: () => [...new Set([enforcerRole.roleArn, ...this.releaseArns('roleArn'), ...this.readerArns])] });
    this.addStatements(quarantinePolicyStatements(this.bucket.bucketArn, changers, readers));
  }

  private releaseArns(as: 'roleArn' | 'namedArn'): string[] {
    return this.release === undefined ? [] : [this.release[as]];
  }

  private addStatements(statements: readonly PolicyStatementJson[]): void {
    for (const statement of statements) this.bucket.addToResourcePolicy(iam.PolicyStatement.fromJson(statement));
  }
}

function isRoleOrUser(principal: iam.IPrincipal, arns: string[]): boolean {
  if (principal instanceof iam.AccountPrincipal || 'groupArn' in principal) return false;
  return arns.length > 0 && arns.every((arn) => isRoleOrUserArn(arn));
}
