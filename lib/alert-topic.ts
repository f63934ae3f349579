import { Annotations, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { encryptAlertsStatement, publishAlertsStatement } from './domain/alert-policy';
import { denyGrantsStatement } from './domain/key-policy';
import { faultMessage, requireValid } from './internal/require-valid';
import { areDifferent } from './internal/same-home';

/** Properties of an `AlertTopic`. */
export interface AlertTopicProps {
  /**
   * A topic to use instead of a new one. To a topic of this app, and to its key, what it lacks is added; for an imported one, the statements
   * that its owner has to add are printed as a warning.
   *
   * @default - a new topic, encrypted, HTTPS only
   */
  readonly topic?: sns.ITopic;

  /**
   * Key of the new topic. CloudWatch and EventBridge are let in to it.
   *
   * @default - a new customer managed key that rotates
   */
  readonly encryptionKey?: kms.Key;

  /**
   * What happens to the new key when the stack is deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** Where alarms of CloudWatch and alerts of EventBridge go. */
export class AlertTopic extends Construct {
  /** Subscribe to it. */
  public readonly topic: sns.ITopic;

  /**
   * @throws Error for a FIFO topic, a topic of another Region, and an `encryptionKey` beside a `topic`
   */
  public constructor(scope: Construct, id: string, props: AlertTopicProps = {}) {
    super(scope, id);
    if (props.topic === undefined) {
      this.topic = this.createTopic(props);
      this.admitPublishers();
      return;
    }
    this.topic = props.topic;
    this.requireUsable(props.topic, props.encryptionKey);
    const lacking = this.admitPublishers();
    if (lacking.length > 0) this.printLacking(props.topic, lacking);
  }

  /** Have these alarms tell the topic. */
  public receiveFrom(...alarms: cloudwatch.AlarmBase[]): void {
    for (const alarm of alarms) alarm.addAlarmAction(new SnsAction(this.topic));
  }

  private createTopic({ encryptionKey, removalPolicy = RemovalPolicy.RETAIN }: AlertTopicProps): sns.Topic {
    return new sns.Topic(this, 'Topic', { masterKey: encryptionKey ?? this.createKey(removalPolicy), enforceSSL: true });
  }

  private createKey(removalPolicy: RemovalPolicy): kms.Key {
    const key = new kms.Key(this, 'Key', {
      description: 'Alerts about the encryption of S3 objects',
      enableKeyRotation: true,
      removalPolicy,
    });
    key.addToResourcePolicy(iam.PolicyStatement.fromJson(denyGrantsStatement()));
    return key;
  }

  /** Returns what could not be added, as policies to be printed. */
  private admitPublishers(): string[] {
    const { account } = Stack.of(this);
    const publish = publishAlertsStatement(this.topic.topicArn, account);
    const encrypt = encryptAlertsStatement(account);
    const { masterKey } = this.topic;
    const isOpen = this.topic.addToResourcePolicy(iam.PolicyStatement.fromJson(publish)).statementAdded;
    // A topic of this app has no other key than this one; an imported one may have one that is not known here.
    const isKeyOpen =
      masterKey === undefined ? isOpen : masterKey.addToResourcePolicy(iam.PolicyStatement.fromJson(encrypt)).statementAdded;
    return [
      ...(isOpen ? [] : [`the policy of the topic: ${this.jsonOf(publish)}`]),
      ...(isKeyOpen ? [] : [`the policy of its key, if it is encrypted, which must not be alias/aws/sns: ${this.jsonOf(encrypt)}`]),
    ];
  }

  private jsonOf(statement: object): string {
    return JSON.stringify(Stack.of(this).resolve(statement));
  }

  private printLacking(topic: sns.ITopic, lacking: readonly string[]): void {
    const fault = {
      what: 'this app cannot see whether alarms of CloudWatch and alerts of EventBridge may reach the given topic',
      value: topic.topicArn,
      remedy: `Have its owner add, to ${lacking.join('; and to ')}. Then acknowledge this warning.`,
    };
    Annotations.of(this).addWarningV2('cdk-s3-encryption-guard:GivenAlertTopic', faultMessage(this, fault));
  }

  private requireUsable(topic: sns.ITopic, encryptionKey: kms.Key | undefined): void {
    requireValid(this, encryptionKey === undefined, {
      what: 'encryptionKey is for a new topic, and a topic is given',
      value: topic.node.path,
      remedy: 'Leave one of the two out.',
    });
    requireValid(this, !topic.fifo && (Token.isUnresolved(topic.topicName) || !topic.topicName.endsWith('.fifo')), {
      what: 'alarms cannot be sent to a FIFO topic (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html)',
      value: topic.topicArn,
      remedy: 'Use a standard topic.',
    });
    const { region } = Stack.of(this);
    requireValid(this, !areDifferent(region, topic.env.region), {
      what: `rules and alarms reach topics of their own Region only (${region})`,
      value: topic.topicArn,
      remedy: 'Use a topic of that Region.',
    });
  }
}
