import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { AlertTopic } from '../../lib';
import type { AlarmConfig } from '../config/guard-config';

/** A topic that exists, or one of its own. */
export function createAlertTopic(scope: Construct, { topicArn, emails = [] }: AlarmConfig, encryptionKey: kms.Key): AlertTopic {
  const given = topicArn === undefined ? undefined : sns.Topic.fromTopicArn(scope, 'GivenTopic', topicArn);
  const alarms = new AlertTopic(scope, 'Alarms', given === undefined ? { encryptionKey } : { topic: given });
  for (const address of emails) alarms.topic.addSubscription(new EmailSubscription(address));
  return alarms;
}
