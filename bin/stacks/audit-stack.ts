import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { KeyAuditTrail } from '../../lib';
import type { AuditConfig, DeliveryConfig, GuardedBucketConfig } from '../config/guard-config';
import { AccessLogs } from './access-logs';
import type { DataStack } from './data-stack';
import { retentionOf } from './guarded-bucket';
import { type DeclaredKeys, inScope } from './keys';

/** A data stack of the account of a trail. */
export interface Recorded {
  readonly stack: DataStack;
  readonly buckets: readonly GuardedBucketConfig[];
}

interface TrailProps extends StackProps {
  /** Known before the trail is there, so that others can let it in. */
  readonly trailName: string;
  readonly recorded: readonly Recorded[];
}

export interface AuditStackProps extends TrailProps {
  readonly config: AuditConfig;
  /** ARNs of the trails of other accounts. */
  readonly otherTrails: readonly string[];
  /** By the ids of the configuration. */
  readonly declaredKeys: DeclaredKeys;
}

/** The account of the audit: the record of key use of all accounts, and questions about it. */
export class AuditStack extends Stack {
  readonly audit: KeyAuditTrail;

  constructor(scope: Construct, id: string, { config, trailName, recorded, otherTrails, declaredKeys, ...props }: AuditStackProps) {
    super(scope, id, props);
    const { objectLock, retentionDays, keys, auditors } = config;
    this.audit = new KeyAuditTrail(this, 'Audit', {
      trailName,
      buckets: bucketsIn(this, recorded),
      otherTrails: [...otherTrails],
      keys: keys.map((name) => auditedKey(this, name, declaredKeys)),
      retention: Duration.days(retentionDays),
      objectLock: objectLock && retentionOf(objectLock),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const roles = new Construct(this, 'Auditors');
    for (const arn of auditors) this.audit.grantQuery(iam.Role.fromRoleArn(roles, arn, arn));
    const accessLogs = new AccessLogs(this, 'AccessLogs', Duration.days(retentionDays));
    const { auditBucket, auditKey, resultsBucket } = this.audit;
    accessLogs.receiveFrom(auditBucket, 'buckets/audit/');
    if (resultsBucket !== undefined) accessLogs.receiveFrom(resultsBucket, 'buckets/results/');
    new CfnOutput(this, DELIVERY_OUTPUTS.bucketName, { value: auditBucket.bucketName });
    new CfnOutput(this, DELIVERY_OUTPUTS.keyArn, { value: auditKey.keyArn });
  }
}

/** The key itself where its stack is near; elsewhere its ARN, which is all that a question takes. */
function auditedKey(stack: AuditStack, name: string, declared: DeclaredKeys): kms.IKey {
  const { owner, arn } = declared.get(name) ?? {};
  const home = owner && Stack.of(owner);
  if (owner !== undefined && home?.account === stack.account && home.region === stack.region) return owner.key;
  return kms.Key.fromKeyArn(inScope(stack, 'AuditedKeys'), name, arn ?? name);
}

/** What the configuration has to be told, before trails of other accounts can deliver. */
export const DELIVERY_OUTPUTS: Readonly<Record<keyof DeliveryConfig, string>> = { bucketName: 'AuditBucketName', keyArn: 'AuditKeyArn' };

export interface TrailStackProps extends TrailProps {
  readonly delivery: DeliveryConfig;
}

/** Any other account: its trail, which delivers to the audit. Events are heard by the rules of their own account and Region only. */
export class TrailStack extends Stack {
  readonly audit: KeyAuditTrail;

  constructor(scope: Construct, id: string, { trailName, recorded, delivery, ...props }: TrailStackProps) {
    super(scope, id, props);
    this.audit = new KeyAuditTrail(this, 'Audit', {
      trailName,
      buckets: bucketsIn(this, recorded),
      auditBucket: s3.Bucket.fromBucketName(this, 'CentralBucket', delivery.bucketName),
      auditBucketKey: kms.Key.fromKeyArn(this, 'CentralKey', delivery.keyArn),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }
}

/** Themselves, or by their names where another Region has them. */
function bucketsIn(trail: Stack, recorded: readonly Recorded[]): s3.IBucket[] {
  return recorded.flatMap(({ stack, buckets }) =>
    buckets.map(({ id, name }) => {
      const known = stack.region === trail.region ? stack.buckets.get(id)?.bucket : undefined;
      return known ?? s3.Bucket.fromBucketName(trail, `${stack.stackName}-${id}`, String(name));
    }),
  );
}
