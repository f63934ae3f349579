/** Who sends alerts: rules of EventBridge, and alarms of CloudWatch. */
const PUBLISHERS = { Service: ['events.amazonaws.com', 'cloudwatch.amazonaws.com'] } as const;

/** On behalf of this account only: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html */
const fromAccount = (account: string) => ({ StringEquals: { 'aws:SourceAccount': account } });

/** What the policy of a topic needs, for alerts of an account to reach it. */
export function publishAlertsStatement(topicArn: string, account: string) {
  return {
    Sid: 'AllowAlertsOfThisAccount',
    Effect: 'Allow',
    Principal: PUBLISHERS,
    Action: ['sns:Publish'],
    Resource: [topicArn],
    Condition: fromAccount(account),
  } as const;
}

/**
 * What the policy of the topic's key needs. Without it nothing arrives, and the publisher is not told why; the key that AWS manages for SNS
 * cannot have it: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 *
 * That EventBridge and CloudWatch send `aws:SourceAccount` to KMS is an assumption. If one did not, its alerts would fail, and alarms would say so.
 */
export function encryptAlertsStatement(account: string) {
  return {
    Sid: 'AllowAlertsOfThisAccount',
    Effect: 'Allow',
    Principal: PUBLISHERS,
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Resource: ['*'],
    Condition: fromAccount(account),
  } as const;
}
