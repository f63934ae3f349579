import { type CfnElement, Fn, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import {
  AlertTopic,
  EncryptedBucket,
  EncryptionCanary,
  EncryptionEnforcer,
  EncryptionMonitoring,
  EnforcementAction,
  KeyAuditTrail,
  KmsQuotaMonitor,
  ObjectEncryption,
  QuarantineRelease,
  TamperAlerts,
} from '../../lib';
import { newStack, resourcesOf, textOf } from '../support/stacks';

const rules = (stack: Stack) => resourcesOf(stack, 'AWS::Events::Rule').filter(({ Properties }) => Properties.Name?.includes('-Tamper-'));
/** Patterns of one group, as text. */
const patternsOf = (stack: Stack, group: string) =>
  rules(stack)
    .filter(({ Properties }) => new RegExp(`-[0-9a-f]{8}-${group}(-\\d+)?$`).test(Properties.Name))
    .map(({ Properties }) => JSON.stringify(Properties.EventPattern))
    .join('\n');
const logicalId = (stack: Stack, construct: IConstruct): string => stack.getLogicalId(construct.node.defaultChild as CfnElement);

test("the key of the alerts' own topic is watched", () => {
  const stack = newStack();
  const alerts = new TamperAlerts(stack, 'Tamper', { buckets: [new s3.Bucket(stack, 'Data')] });
  for (const group of ['keys', 'key-events'])
    expect(patternsOf(stack, group)).toContain(logicalId(stack, alerts.alertTopic.topic.masterKey as kms.Key));
});

test('every key that objects may be encrypted under is watched, not only that of the bucket', () => {
  const stack = newStack();
  const [first, second, third] = [1, 2, 3].map((n) => new kms.Key(stack, `Key${n}`)) as [kms.Key, kms.Key, kms.Key];
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
  new TamperAlerts(stack, 'Tamper', { enforcers: [enforcer] });
  new EncryptedBucket(stack, 'Two', { encryption: ObjectEncryption.sseKms(first, second), enforcer });
  enforcer.enforce(new s3.Bucket(stack, 'Plain'), { encryption: ObjectEncryption.sseKms(third), action: EnforcementAction.REPORT });
  for (const key of [first, second, third]) expect(patternsOf(stack, 'keys')).toContain(logicalId(stack, key));
});

test('of a trail its name, bucket, key and log are watched, and no other trail', () => {
  const stack = newStack();
  const trail = new KeyAuditTrail(stack, 'Audit', { buckets: [new s3.Bucket(stack, 'Data')] });
  new TamperAlerts(stack, 'Tamper', { trails: [trail], trailNames: ['another'] });
  expect(patternsOf(stack, 'trail')).toContain(`"name":["${trail.trail.trailName}","another"`);
  expect(patternsOf(stack, 'buckets')).toContain(logicalId(stack, trail.auditBucket));
  expect(patternsOf(stack, 'keys')).toContain(logicalId(stack, trail.auditKey));
  expect(patternsOf(stack, 'logs')).toContain(logicalId(stack, trail.logGroup));
});

test('of a canary its function, schedule, log, bucket and alarm are watched', () => {
  const stack = newStack();
  const canary = new EncryptionCanary(stack, 'Canary', { enforcer: new EncryptionEnforcer(stack, 'Enforcer') });
  new TamperAlerts(stack, 'Tamper', { canaries: [canary] });
  const watched: [string, IConstruct][] = [
    ['functions', canary.handler],
    ['event-rules', canary._schedule],
    ['logs', canary.logGroup],
    ['buckets', canary.bucket],
    ...canary.alarms.map((alarm): [string, IConstruct] => ['alarms', alarm]),
  ];
  for (const [group, construct] of watched) expect(patternsOf(stack, group)).toContain(logicalId(stack, construct));
});

test.each(['before', 'after'])('the function that releases, and its log, are watched, made %s the alerts', (when) => {
  const stack = newStack();
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
  const alerts = () => new TamperAlerts(stack, 'Tamper', { enforcers: [enforcer] });
  if (when === 'after') alerts();
  const release = new QuarantineRelease(stack, 'Release', { enforcer });
  if (when === 'before') alerts();
  expect(patternsOf(stack, 'functions')).toContain(logicalId(stack, release.handler));
  expect(patternsOf(stack, 'logs')).toContain(logicalId(stack, release.logGroup));
});

test('alarms that are given are watched', () => {
  const stack = newStack();
  const { alarms } = new KmsQuotaMonitor(stack, 'Quota');
  new TamperAlerts(stack, 'Tamper', { alarms });
  for (const alarm of alarms) expect(patternsOf(stack, 'alarms')).toContain(logicalId(stack, alarm));
});

test.each([
  ['of this app', (role: iam.Role) => role.roleArn, 101],
  ['with the partition left open', (role: iam.Role) => `arn:${role.stack.partition}:iam::111122223333:role/deployers/x`, 49],
])('patterns stay within 2,048 characters where deploying roles are %s', (_, arnOf, length) => {
  const stack = newStack();
  const deployingRoles = [0, 1, 2, 3].map((n) => arnOf(new iam.Role(stack, `Role${n}`, { assumedBy: new iam.AccountRootPrincipal() })));
  const buckets = Array.from({ length: 60 }, (_value, i) =>
    s3.Bucket.fromBucketName(stack, `Bucket${i}`, `a-bucket-with-a-long-name-${1000 + i}`),
  );
  new TamperAlerts(stack, 'Tamper', { buckets, deployingRoles });
  const isReference = (value: unknown) => value !== null && typeof value === 'object' && /^(Ref|Fn::)/.test(Object.keys(value)[0] ?? '');
  const sizes = resourcesOf(stack, 'AWS::Events::Rule').map(({ Properties }) => {
    const spared = JSON.stringify(Properties.EventPattern).includes('anything-but');
    const text = JSON.stringify(Properties.EventPattern, (key, value) =>
      isReference(value) ? 'x'.repeat(/^\d$/.test(key) && /Role|role/.test(textOf(value)) ? length : 36) : value,
    );
    return spared ? text.length : 0;
  });
  expect(Math.max(...sizes)).toBeGreaterThan(1500);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(2048);
});

test('a topic counts with the longest ARN that it can have: of a name that is generated, or known, that is shorter', () => {
  const deployingRoles = Array.from({ length: 10 }, (_, i) => `arn:aws:iam::111122223333:role/${'r'.repeat(55)}${i}`);
  const withTopic = (topicName?: string) => {
    const stack = newStack();
    const alertTopic = new AlertTopic(stack, 'Alerts', { topic: new sns.Topic(stack, 'Topic', { topicName }) });
    return new TamperAlerts(stack, 'Tamper', { buckets: [new s3.Bucket(stack, 'Bucket')], alertTopic, deployingRoles });
  };
  expect(() => withTopic()).not.toThrow();
  expect(() => withTopic('a-name')).not.toThrow();
  expect(() => withTopic(Fn.importValue('a-name'))).toThrow(/more than the 2048 characters/);
});

describe('on the dashboard of EncryptionMonitoring', () => {
  const dashboardOf = (stack: Stack) => textOf(resourcesOf(stack, 'AWS::CloudWatch::Dashboard')[0]?.Properties.DashboardBody);

  test('tampering and the KMS share are shown, with their alarms, and rules that are added later', () => {
    const stack = newStack();
    const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
    const alerts = new TamperAlerts(stack, 'Tamper', { enforcers: [enforcer] });
    const quota = new KmsQuotaMonitor(stack, 'Quota');
    const monitoring = new EncryptionMonitoring(stack, 'Monitoring', {
      enforcers: [enforcer],
      tamperAlerts: [alerts],
      quotaMonitors: [quota],
    });
    expect(monitoring.alarms).toEqual(expect.arrayContaining([...alerts.alarms, ...quota.alarms]));
    for (let i = 0; i < 30; i++) new EncryptedBucket(stack, `Bucket${i}`, { enforcer });
    expect(dashboardOf(stack)).toContain('CryptographicOperationsSymmetric');
    for (const { Properties } of rules(stack)) expect(dashboardOf(stack)).toContain(`"TriggeredRules","RuleName","${Properties.Name}"`);
  });

  test('what is done to the composite alarm, and to the others, is told', () => {
    const stack = newStack();
    const enforcer = new EncryptionEnforcer(stack, 'Enforcer');
    const alerts = new TamperAlerts(stack, 'Tamper', { enforcers: [enforcer] });
    const quota = new KmsQuotaMonitor(stack, 'Quota');
    new EncryptionMonitoring(stack, 'Monitoring', { enforcers: [enforcer], tamperAlerts: [alerts], quotaMonitors: [quota] });
    const [composite] = resourcesOf(stack, 'AWS::CloudWatch::CompositeAlarm');
    expect(patternsOf(stack, 'alarms')).toContain(composite?.Properties.AlarmName);
    for (const alarm of quota.alarms) expect(patternsOf(stack, 'alarms')).toContain(logicalId(stack, alarm));
  });
});
