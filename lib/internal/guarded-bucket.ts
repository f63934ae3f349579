import { Annotations, Stack, Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { type BucketRule, encodeRule, MAX_RULE_BYTES } from '../domain/bucket-rule';
import { ruleParameterName } from '../domain/contract';
import { EventSource } from '../event-source';
import { cfnBucketOf } from './cfn-bucket';
import { sendEventsToEventBridge } from './event-bridge-switch';
import type { EventQueue } from './event-queue';
import { requireValid } from './require-valid';
import { sendEventsToQueue } from './s3-notification-source';

export interface GuardedBucketProps {
  readonly bucket: s3.IBucket;
  readonly rule: BucketRule;
  readonly ruleName: string;
  readonly rulePrefix: string;
  readonly queues: EventQueue;
  /** Of the function. */
  readonly role: iam.Role;
  readonly eventSource: EventSource;
}

/** One bucket's connection to its enforcer: events on, events routed, rule stored. */
export class GuardedBucket extends Construct {
  constructor(scope: Construct, id: string, props: GuardedBucketProps) {
    super(scope, id);
    const { bucket, eventSource, queues } = props;
    if (eventSource === EventSource.S3_NOTIFICATION) sendEventsToQueue(bucket, queues.queue);
    else this.routeEvents(props);
    this.storeRule(props);
  }

  private routeEvents({ bucket, ruleName, queues }: GuardedBucketProps): void {
    this.switchEventsOn(bucket);
    new events.Rule(this, 'NewObjects', {
      ruleName,
      description: 'New objects of a guarded bucket, to their encryption enforcer',
      eventPattern: { source: ['aws.s3'], detailType: ['Object Created'], detail: { bucket: { name: [bucket.bucketName] } } },
      targets: [queues.asTarget()],
    });
    queues.receiveRekeysOf(bucket.bucketName);
  }

  private switchEventsOn(bucket: s3.IBucket): void {
    const cfnBucket = cfnBucketOf(bucket);
    if (cfnBucket !== undefined) {
      sendEventsToEventBridge(cfnBucket);
      return;
    }
    Annotations.of(bucket).addWarningV2(
      'cdk-s3-encryption-guard:EventBridgeOfImportedBucket',
      `${bucket.node.path}: an imported bucket is verified only if its owner has switched EventBridge on for it, which this app cannot see. ` +
        'Have it switched on, then acknowledge this warning.',
    );
  }

  private storeRule({ bucket, rule, rulePrefix, role }: GuardedBucketProps): void {
    const document = encodeRule(rule);
    const bytes = Buffer.byteLength(JSON.stringify({ ...document, keys: document.keys.map(atFullLength) }));
    requireValid(bucket, bytes <= MAX_RULE_BYTES, {
      what: `the rule of the bucket is larger than an SSM parameter holds (${MAX_RULE_BYTES} bytes)`,
      value: `${bytes} bytes, ${document.keys.length} keys`,
      remedy: 'Declare fewer keys or prefixes.',
    });
    const parameter = new ssm.CfnParameter(this, 'Rule', {
      name: ruleParameterName(rulePrefix, bucket.bucketName),
      type: 'String',
      tier: 'Intelligent-Tiering',
      description: 'How the objects of a bucket must be encrypted, read by its encryption enforcer',
      value: Stack.of(this).toJsonString(document),
    });
    // What S3 denies for good, the function takes for final: it must be allowed a stronger action before it is told to take it.
    parameter.node.addDependency(role);
  }
}

/** An ARN that is not known before deployment counts as the longest there is. */
function atFullLength(keyArn: string): string {
  return Token.isUnresolved(keyArn) ? 'x'.repeat(110) : keyArn;
}
