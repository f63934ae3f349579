import { Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { AlarmConfig } from '../config/guard-config';

/** Where alarms go: a topic that exists, or one of its own, encrypted with the key. */
export class AlarmTopic extends Construct {
  readonly topic: sns.ITopic;

  constructor(scope: Construct, id: string, { topicArn, emails = [] }: AlarmConfig, key: kms.Key) {
    super(scope, id);
    this.topic = topicArn === undefined ? this.createTopic(key) : sns.Topic.fromTopicArn(this, 'Topic', topicArn);
    for (const address of emails) this.topic.addSubscription(new EmailSubscription(address));
  }

  receiveFrom(alarms: readonly cloudwatch.Alarm[]): void {
    for (const alarm of alarms) alarm.addAlarmAction(new SnsAction(this.topic));
  }

  private createTopic(masterKey: kms.Key): sns.Topic {
    const topic = new sns.Topic(this, 'Topic', { masterKey, enforceSSL: true });
    topic.addToResourcePolicy(this.alarmsMay(['sns:Publish'], topic.topicArn));
    // The key that AWS keeps for SNS would not let CloudWatch in, and no alarm would arrive.
    masterKey.addToResourcePolicy(this.alarmsMay(['kms:Decrypt', 'kms:GenerateDataKey*'], '*'));
    return topic;
  }

  private alarmsMay(actions: string[], resource: string): iam.PolicyStatement {
    return new iam.PolicyStatement({
      sid: 'AllowAlarmsOfThisAccount',
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions,
      resources: [resource],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
  }
}
