import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import {
  administrationStatement,
  denyRemovalOfUsedKeyStatement,
  replicationStatements,
  synchronizationStatement,
} from './domain/key-administration';
import {
  consumerStatements,
  denyGrantsStatement,
  type KeyConsumers,
  type KeyHome,
  type KeyStatementJson,
  useStatement,
} from './domain/key-policy';
import {
  administratorsOf,
  replicasOf,
  requireKeyPolicySize,
  requireReplicaProps,
  requireWholeDays,
} from './internal/cross-account-key-props';
import { keyConsumersOf } from './internal/key-consumers';
import { rememberTrust } from './internal/key-trust';
import { partitionIn } from './internal/principal-arn';
import { asStatements, policyJson } from './internal/required-policy';
import type { KeyUse } from './key-use';

/** Properties of a `CrossAccountKey`. */
export interface CrossAccountKeyProps {
  /**
   * ARNs of the buckets that the key is for, at least one, such as `arn:aws:s3:::records`. The key policy compares `aws:s3:arn` of the encryption
   * context, which S3 states, unless the client gives one of its own: so consumers who mean to can use the key for other buckets, too
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context). A `*` at the end stands for all names
   * that begin so: somebody else may make a bucket with such a name, so choose it with care.
   */
  readonly bucketArns: string[];

  /**
   * Accounts that may use the key, 12 digits each. Which of their principals do, their own IAM policies say. The account of the key is none
   * of them unless it is named.
   *
   * @default - none; then an organization is needed
   */
  readonly consumerAccounts?: string[];

  /**
   * Organization whose accounts may use the key, except the account of the key itself, which can be one of the `consumerAccounts`.
   *
   * @default - none
   */
  readonly organizationId?: string;

  /**
   * Alias for people of the key's own account to find it by. Consumers need the ARN: S3 looks for an alias in the account of whoever asks.
   *
   * @default - none
   */
  readonly alias?: string;

  /**
   * What the key is for.
   *
   * @default - the path of the construct
   */
  readonly description?: string;

  /**
   * How often KMS makes new key material, 90 to 2560 days. What was encrypted before stays readable.
   *
   * @default - 365 days; a replica rotates with its primary key
   */
  readonly rotationPeriod?: Duration;

  /**
   * Whether the key can be replicated to other Regions. It cannot be changed later.
   *
   * @default false
   */
  readonly multiRegion?: boolean;

  /**
   * Other Regions, by name, in which replicas of this multi-Region key are deployed: the role that deploys there may make one there. It is
   * taken to be named as the role that deploys this stack, but for the Region; one of another name belongs among the `keyAdministrators`.
   * Whoever makes a replica writes its policy.
   *
   * @default - none; then `keyAdministrators` replicate the key, or without them whoever IAM lets
   */
  readonly replicaRegions?: string[];

  /**
   * Makes a replica of a multi-Region key, whose ARN this is, instead of a key. It has a policy of its own, for the buckets of its own Region:
   * S3 treats it as any other key.
   *
   * @default - a key of its own
   */
  readonly primaryKeyArn?: string;

  /**
   * ARNs of the roles and users that may administer the key, if IAM lets them, besides the role that deploys its stack and the account's
   * root user. Whoever may change the key policy, or replicate the key under another one, can let themselves use it.
   *
   * @default - whoever IAM lets
   */
  readonly keyAdministrators?: string[];

  /**
   * Days without use after which the key may be disabled, or its deletion be scheduled; a key that was used later than that stays. A guard
   * against mistakes: whoever may change the key policy can take it away. With an S3 Bucket Key, KMS does not see each use
   * (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-trailing-days-without-key-usage).
   *
   * @default - no guard
   */
  readonly trailingDaysWithoutKeyUsage?: number;
}

/**
 * A KMS key that other accounts use, through S3 only, and bound to certain buckets as far as clients let S3 say which: see `bucketArns`.
 *
 * Its own account administers it, and uses it only where it is named as a consumer. The key rotates, outlives its stack, and waits 30 days
 * before it is deleted. This is the owner's half of the permission; the consumers' half are IAM policies: see `SharedKey`.
 */
export class CrossAccountKey extends Construct {
  /** The statement that leaves grants to AWS services, for key policies of your own. Control Tower's rule CT.KMS.PR.3 wants it. */
  public static denyGrantsStatement(): iam.PolicyStatement {
    return iam.PolicyStatement.fromJson(denyGrantsStatement());
  }

  /**
   * The key, for buckets of its own account. Its policy is complete, and the CDK's grants do not change it. In other accounts import it by its
   * ARN: `SharedKey.fromKeyArn()`.
   */
  public readonly key: kms.IKey;
  /** ARN of the key, which other accounts need; known once it is deployed. */
  public readonly keyArn: string;

  private readonly consumers: KeyConsumers;

  public constructor(scope: Construct, id: string, props: CrossAccountKeyProps) {
    super(scope, id);
    this.consumers = keyConsumersOf(this, props);
    requireReplicaProps(this, props);
    const resource = this.createKey(props, this.policyOf(props));
    // Also where the first deployment fails: a key that was just made cannot be deleted under `trailingDaysWithoutKeyUsage`.
    resource.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.keyArn = resource.attrArn;
    // Not the L2 itself, whose policy each cross-account grant of the CDK would widen.
    this.key = kms.Key.fromKeyArn(this, 'Key', this.keyArn);
    rememberTrust(this.key, { owner: this.node.path, home: this.home, consumers: this.consumers });
    if (props.alias !== undefined) new kms.Alias(this, 'Alias', { aliasName: props.alias, targetKey: this.key });
  }

  /** What a consumer has to add to its IAM policies, if the key is not in its app. Within one app, `SharedKey` does so. */
  public useStatements(use: KeyUse): iam.PolicyStatement[] {
    return asStatements([useStatement(use, [this.keyArn], this.home.region, this.consumers.bucketArns)]);
  }

  /** The same as a policy document in JSON, to hand over: put it into a `CfnOutput`. */
  public usePolicyJson(use: KeyUse): string {
    return policyJson(this, this.useStatements(use));
  }

  private get home(): KeyHome {
    const { region, account } = Stack.of(this);
    return { partition: partitionIn(this), region, account };
  }

  private createKey(props: CrossAccountKeyProps, policy: iam.PolicyDocument): kms.CfnKey | kms.CfnReplicaKey {
    const common = { description: props.description ?? this.node.path, keyPolicy: policy, pendingWindowInDays: 30 };
    const { primaryKeyArn, rotationPeriod, multiRegion } = props;
    if (primaryKeyArn !== undefined) return new kms.CfnReplicaKey(this, 'Resource', { ...common, primaryKeyArn });
    const rotationPeriodInDays = requireWholeDays(this, 'rotationPeriod', rotationPeriod?.toDays({ integral: false }), 90, 2560);
    return new kms.CfnKey(this, 'Resource', { ...common, enableKeyRotation: true, rotationPeriodInDays, multiRegion });
  }

  private policyOf(props: CrossAccountKeyProps): iam.PolicyDocument {
    const principalArns = administratorsOf(this, props.keyAdministrators);
    const isMultiRegion = props.multiRegion === true || props.primaryKeyArn !== undefined;
    // No key has been unused for longer than KMS looks back.
    const days = requireWholeDays(this, 'trailingDaysWithoutKeyUsage', props.trailingDaysWithoutKeyUsage, 1, 3650);
    const statements: KeyStatementJson[] = [
      administrationStatement(this.home, { principalArns, isMultiRegion }),
      ...replicationStatements(this.home, replicasOf(this, props.replicaRegions, props.multiRegion === true)),
      ...(isMultiRegion ? [synchronizationStatement(this.home)] : []),
      ...consumerStatements(this.home, this.consumers),
      denyGrantsStatement(),
      ...(days === undefined ? [] : [denyRemovalOfUsedKeyStatement(days)]),
    ];
    requireKeyPolicySize(this, statements);
    return new iam.PolicyDocument({ statements: asStatements(statements) });
  }
}
