import { Duration, Lazy, type RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { quarantinePolicyStatements } from '../domain/quarantine-policy';
import { RequireEncryption } from '../mixins/require-encryption';
import { ObjectEncryption } from '../object-encryption';
import { quarantineStatements } from './enforcer-permissions';
import { createObjectKey } from './object-key';
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
    return this.bucket.grantRead(reader);
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
    const readers = Lazy.list({ produce: () => [...new Set(this.readerArns)] });
    for (const statement of quarantinePolicyStatements(this.bucket.bucketArn, enforcerRole.roleArn, readers)) {
      this.bucket.addToResourcePolicy(iam.PolicyStatement.fromJson(statement));
    }
  }
}

/** Not services, accounts, groups (which no bucket policy can name), or everybody. */
function isRoleOrUser(principal: iam.IPrincipal, arns: string[]): boolean {
  if (principal instanceof iam.AccountPrincipal || 'groupArn' in principal) return false;
  return arns.length > 0 && arns.every((arn) => (Token.isUnresolved(arn) ? !/[*?]|:root$|:group\//.test(arn) : ROLE_OR_USER.test(arn)));
}

/** A session of a role is not one: a policy compares the role's own ARN. */
const ROLE_OR_USER = /^arn:[^:]+:iam::\d{12}:(role|user)\/[^*?]+$/;
