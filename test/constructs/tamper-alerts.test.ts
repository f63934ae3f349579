import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  AlertTopic,
  EncryptedBucket,
  EncryptionEnforcer,
  EnforcementAction,
  ObjectEncryption,
  TamperAlerts,
  type TamperAlertsProps,
} from '../../lib';
import { complaintsOf, ENV, newStack, type Resource, resourcesOf, siblingOf, textOf } from '../support/stacks';

/** Characters that AWS lets names and ARNs have, for what only the deployment knows. */
const LONGEST: Readonly<Record<string, number>> = {
  'AWS::S3::Bucket': 63,
  'AWS::KMS::Key': 36,
  'AWS::SNS::Topic': 320,
  'AWS::Lambda::Function': 64,
  'AWS::SQS::Queue': 80,
};

function guardedStack(buckets: number, props: Partial<TamperAlertsProps> = {}): { stack: Stack; alerts: TamperAlerts } {
  const stack = newStack();
  const enforcer = EncryptionEnforcer.of(stack);
  const alerts = new TamperAlerts(stack, 'Tamper', { enforcers: [enforcer], ...props });
  for (let i = 0; i < buckets; i++) new EncryptedBucket(stack, `Bucket${i}`);
  return { stack, alerts };
}

const alertRules = (stack: Stack) =>
  resourcesOf(stack, 'AWS::Events::Rule').filter(({ Properties }) => Properties.Name.includes('-Tamper-'));
const groupOf = ({ Properties }: Resource) => /-[0-9a-f]{8}-(.*?)(-\d+)?$/.exec(Properties.Name)?.[1] ?? '';
const rulesOf = (stack: Stack, group: string) => alertRules(stack).filter((rule) => groupOf(rule) === group);

/** The pattern as text, with something as long as can be in place of each reference. */
function longestPattern(stack: Stack, { Properties }: Resource): string {
  const { Resources } = Template.fromStack(stack).toJSON();
  const known = Object.entries(Resources as Record<string, Resource>).flatMap(([id, { Type }]) => {
    // CloudFormation names alarms after stack and logical id, with 13 characters more.
    const longest = 'x'.repeat(LONGEST[Type] ?? `${stack.stackName}-${id}-`.length + 13);
    return [id, `${id}.QueueName`].map((name) => [name, longest]);
  });
  return JSON.stringify(Properties.EventPattern, (_, value) => {
    const [[name = ''] = []] = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [];
    return /^(Ref|Fn::)/.test(name) ? textOf(value, Object.fromEntries(known)) : value;
  });
}

test('there is a rule for each kind of thing that keeps objects encrypted, and for the alerts themselves', () => {
  const { stack } = guardedStack(1);
  const groups = alertRules(stack).map(groupOf).sort();
  expect(new Set(groups)).toEqual(
    new Set([
      'alarms',
      'buckets',
      'event-rules',
      'functions',
      'key-events',
      'keys',
      'logs',
      'own-alarms',
      'parameters',
      'queues',
      'topics',
      'trail',
      'twice',
    ]),
  );
  expect(complaintsOf(stack)).toEqual([]);
});

test('every rule tells the topic, in words with a link to the runbook, and leaves what it cannot deliver in the queue', () => {
  const { stack, alerts } = guardedStack(1);
  const runbook = readFileSync(join(__dirname, '..', '..', 'docs', 'operator-runbook.md'), 'utf8');
  const sections = [...runbook.matchAll(/^##+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'));
  for (const { Properties } of alertRules(stack)) {
    const [target, ...others] = Properties.Targets;
    expect(others).toEqual([]);
    expect(target.Arn).toEqual(stack.resolve(alerts.alertTopic.topic.topicArn));
    expect(target.DeadLetterConfig.Arn).toEqual(stack.resolve(alerts.deadLetterQueue.queueArn));
    const { InputTemplate, InputPathsMap } = target.InputTransformer;
    expect(sections).toContain(/docs\/operator-runbook\.md#([\w-]+)"$/.exec(InputTemplate)?.[1]);
    const named = [...InputTemplate.matchAll(/<(\w+)>/g)].map(([, name]) => name);
    expect([...new Set(named)].sort()).toEqual(Object.keys(InputPathsMap).sort());
  }
});

describe('buckets', () => {
  test('that are guarded later are watched as well, with their keys', () => {
    const { stack } = guardedStack(3);
    const names = rulesOf(stack, 'buckets').flatMap(({ Properties }) => Properties.EventPattern.detail.requestParameters.bucketName);
    expect(names.map((name) => name.Ref.replace(/[0-9A-F]{8}$/, ''))).toEqual([
      'SharedEncryptionEnforcerQuarantineBucket',
      'Bucket0Bucket',
      'Bucket1Bucket',
      'Bucket2Bucket',
    ]);
    const [keys] = rulesOf(stack, 'key-events').map(({ Properties }) => Properties.EventPattern.detail['key-id']);
    // One for each bucket, and that of the alerts' own topic.
    expect(keys).toHaveLength(5);
  });

  test('of another account than their keys are watched without these, whose calls are recorded there', () => {
    const stack = newStack();
    const key = kms.Key.fromKeyArn(stack, 'Foreign', 'arn:aws:kms:eu-west-1:444455556666:key/0987dcba-09fe-87dc-65ba-ab0987654321');
    new TamperAlerts(stack, 'Tamper', { buckets: [new s3.Bucket(stack, 'Data', { encryptionKey: key })] });
    expect(rulesOf(stack, 'buckets')).toHaveLength(1);
    expect(rulesOf(stack, 'keys')).toHaveLength(1);
    expect(JSON.stringify(rulesOf(stack, 'keys'))).not.toContain('0987dcba');
  });

  test.each([1, 10, 80])('%d fill patterns of 2,048 characters at most, however long the names are', (count) => {
    const { stack } = guardedStack(count, { deployingRoles: [`arn:aws:iam::${ENV.account}:role/${'r'.repeat(64)}`] });
    const rules = resourcesOf(stack, 'AWS::Events::Rule');
    const lengths = rules.map((rule) => longestPattern(stack, rule).length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(2048);
    const names = rules.map(({ Properties }) => Properties.Name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9._-]{1,64}$/);
    const watched = rulesOf(stack, 'buckets').flatMap(({ Properties }) => Properties.EventPattern.detail.requestParameters.bucketName);
    expect(watched).toHaveLength(count + 1);
  });
});

describe('alerts that nobody gets', () => {
  test('raise alarms: one on the queue, and each rule is watched by one', () => {
    const { stack, alerts } = guardedStack(80);
    const alarms = resourcesOf(stack, 'AWS::CloudWatch::Alarm').filter(({ Properties }) =>
      /undelivered-alerts$/.test(Properties.AlarmDescription),
    );
    expect(alarms).toHaveLength(alerts.alarms.length);
    const watched = alarms.flatMap(({ Properties: { Metrics = [] } }) => Metrics.flatMap(ruleNameOf));
    expect(watched.sort()).toEqual(
      alertRules(stack)
        .map(({ Properties }) => Properties.Name)
        .sort(),
    );
    for (const { Properties } of alarms) {
      expect(Properties.AlarmActions).toEqual([stack.resolve(alerts.alertTopic.topic.topicArn)]);
      expect((Properties.Metrics ?? []).length).toBeLessThanOrEqual(11);
    }
  });

  // biome-ignore lint/suspicious/noExplicitAny: a metric of the template
  const ruleNameOf = (metric: any): string[] =>
    (metric.MetricStat?.Metric.Dimensions ?? [])
      .filter(({ Name }: { Name: string }) => Name === 'RuleName')
      .map(({ Value }: { Value: string }) => Value);

  test('lie in a queue that only these rules write to', () => {
    const { stack, alerts } = guardedStack(1);
    const arn = stack.resolve(alerts.deadLetterQueue.queueArn);
    const [statement] = resourcesOf(stack, 'AWS::SQS::QueuePolicy')
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Effect, Resource }) => Effect === 'Allow' && JSON.stringify(Resource) === JSON.stringify(arn));
    const sender = textOf(statement.Condition.ArnLike['aws:SourceArn']).replace('*', '');
    for (const { Properties } of alertRules(stack))
      expect(`arn:aws:events:${ENV.region}:${ENV.account}:rule/${Properties.Name}`).toContain(sender);
  });
});

test('every trail is watched unless one is named', () => {
  const parameters = (props: Partial<TamperAlertsProps>) => {
    const [rule] = rulesOf(guardedStack(1, props).stack, 'trail');
    return rule?.Properties.EventPattern.detail.$or;
  };
  expect(parameters({})).toBeUndefined();
  const named = ['audit', { suffix: ':trail/audit' }];
  expect(parameters({ trailNames: ['audit'] })).toEqual([
    { requestParameters: { name: named } },
    { requestParameters: { trailName: named } },
  ]);
});

describe('bad input', () => {
  const key = (stack: Stack, arn: string) => kms.Key.fromKeyArn(stack, 'Key', arn);
  test.each<[string, (stack: Stack) => TamperAlertsProps, RegExp]>([
    ['nothing to watch', () => ({}), /^Data\/Tamper: there is nothing to watch .*Name at least one\.$/],
    ['an empty list', () => ({ buckets: [], keys: [], enforcers: [] }), /nothing to watch/],
    [
      'a key of another account',
      (stack) => ({ keys: [key(stack, 'arn:aws:kms:eu-west-1:444455556666:key/0987dcba-09fe-87dc-65ba-ab0987654321')] }),
      /a key belongs to another account.*444455556666.*in that account/,
    ],
    [
      'a key of another Region',
      (stack) => ({ keys: [key(stack, `arn:aws:kms:us-east-1:${ENV.account}:key/0987dcba-09fe-87dc-65ba-ab0987654321`)] }),
      /a key belongs to another Region/,
    ],
    ['an alias', (stack) => ({ keys: [kms.Alias.fromAliasName(stack, 'Key', 'alias/data')] }), /an alias was given instead of a KMS key/],
    [
      'a bucket of another Region',
      (stack) => ({ buckets: [s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'data', region: 'us-east-1' })] }),
      /a bucket belongs to another Region/,
    ],
    [
      'the ARN of a trail',
      (stack) => ({ ...one(stack), trailNames: ['arn:aws:cloudtrail:eu-west-1:1:trail/audit'] }),
      /trailNames are names of trails/,
    ],
    ['a user who deploys', (stack) => ({ ...one(stack), deployingRoles: ['arn:aws:iam::111122223333:user/me'] }), /takes ARNs of roles/],
    ['any role', (stack) => ({ ...one(stack), deployingRoles: ['arn:aws:iam::111122223333:role/*'] }), /without wildcards/],
    [
      'a session',
      (stack) => ({ ...one(stack), deployingRoles: ['arn:aws:sts::111122223333:assumed-role/deployer/me'] }),
      /a session of a role is recorded under its role/,
    ],
    [
      'more roles than a pattern has room for',
      (stack) => ({
        ...one(stack),
        deployingRoles: Array.from({ length: 20 }, (_, i) => `arn:aws:iam::${ENV.account}:role/${'r'.repeat(60)}${i}`),
      }),
      /more than the 2048 characters.*deployingRoles/,
    ],
    [
      'a topic of another account',
      (stack) => {
        const topic = sns.Topic.fromTopicArn(stack, 'Given', `arn:aws:sns:${ENV.region}:444455556666:given`);
        return { ...one(stack), alertTopic: new AlertTopic(stack, 'Alerts', { topic }) };
      },
      /a topic belongs to another account/,
    ],
  ])('%s is an error', (_, props, message) => {
    const stack = newStack();
    expect(() => new TamperAlerts(stack, 'Tamper', props(stack))).toThrow(message);
  });

  const one = (stack: Stack) => ({ buckets: [new s3.Bucket(stack, 'One')] });
});

test('alerts may lie in another stack than what they watch over', () => {
  const stack = newStack({ flags: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
  enforcer.enforce(new s3.Bucket(stack, 'Records'), { encryption: ObjectEncryption.sseS3(), action: EnforcementAction.REPORT });
  const audit = siblingOf(stack, 'Audit');
  new TamperAlerts(audit, 'Tamper', { enforcers: [enforcer] });
  expect(complaintsOf(audit)).toEqual([]);
  expect(alertRules(audit).length).toBeGreaterThan(9);
});
