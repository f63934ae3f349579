import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlertTopic, EncryptedBucket, EncryptionCanary, EnforcementAction, TamperAlerts } from '../../lib';
import { enforcerIn, findingsFunction, fullEnforcerIn, outputRules, rendered, resourceNamed } from '../support/enforcer-outputs';
import { objectEvent } from '../support/object-event';
import { complaintsOf, ENV, FLAG_SETS, newApp, newStack, resourcesOf, siblingOf, textOf } from '../support/stacks';
import { expectRefusal, type Mistake } from './mistake';

const VIOLATION = 'S3 Object Encryption Violation';
const LATER = ['S3 Object Released', 'S3 Object Discarded'];

test('an enforcer has none of them unless it is asked to', () => {
  const stack = newStack();
  const enforcer = enforcerIn(stack);
  expect(outputRules(stack)).toEqual({});
  expect(findingsFunction(stack)).toBeUndefined();
  expect(resourcesOf(stack, 'AWS::SQS::Queue')).toHaveLength(4);
  expect(enforcer.alarms).toHaveLength(10);
});

describe('the topic of violations', () => {
  test('hears of each violation of this enforcer once, and of its end', () => {
    const stack = newStack();
    const enforcer = fullEnforcerIn(stack);
    const { violations, endings } = outputRules(stack);
    expect([violations.EventPattern, endings.EventPattern]).toEqual([
      { source: ['cdk-s3-encryption-guard'], 'detail-type': [VIOLATION], detail: { enforcer: [enforcer._name] } },
      { source: ['cdk-s3-encryption-guard'], 'detail-type': LATER, detail: { enforcer: [enforcer._name] } },
    ]);
  });

  test('may be told by rules of the account: topic and key have the statements that AlertTopic adds', () => {
    const stack = newStack();
    const alerts = new AlertTopic(stack, 'Alerts');
    enforcerIn(stack, { violationTopic: alerts });
    const [, policy] = resourceNamed(stack, 'AWS::SNS::TopicPolicy', /Alerts/);
    expect(JSON.stringify(policy)).toContain('"aws:SourceAccount"');
    for (const { Targets } of Object.values(outputRules(stack)))
      expect(Targets.map(({ Arn }: { Arn: unknown }) => Arn)).toEqual([stack.resolve(alerts.topic.topicArn)]);
    expect(complaintsOf(stack)).toEqual([]);
  });

  test('gets a text that says what, where, what was done and what to do', () => {
    const stack = newStack();
    fullEnforcerIn(stack);
    const [target] = outputRules(stack)['violations'].Targets;
    const detail = { outcome: 'quarantined', requested: 'quarantine', location: 's3://quarantine/objects/records/a/b.txt/v1' };
    expect(rendered(target.InputTransformer, objectEvent({ detail }))).toEqual([
      'An S3 object is not encrypted as required.',
      'Object, percent-encoded: s3://records/a/b.txt',
      'Version: v1',
      'Required: SSE-KMS under arn:aws:kms:eu-west-1:111122223333:key/k',
      'Observed: SSE-S3  (wrong-scheme)',
      'Done about it: quarantined  (asked for: quarantine; why less, if so: )',
      'Copy in quarantine, percent-encoded: s3://quarantine/objects/records/a/b.txt/v1',
      'When: 2026-11-22T10:00:00Z',
      'Where: account 111122223333, eu-west-1, enforcer Data-Enforcer-0a1b2c3d',
      'What to do: https://github.com/cdk-s3-encryption-guard/cdk-s3-encryption-guard/blob/main/docs/operator-runbook.md#a-violation-was-told',
    ]);
  });

  test('gets a text about the end of an object that names it first', () => {
    const stack = newStack();
    fullEnforcerIn(stack);
    const [target] = outputRules(stack)['endings'].Targets;
    const release = {
      releasedVersionId: 'v9',
      encryption: 'SSE-KMS',
      exemptUntil: '2026-12-01T00:00:00Z',
      requestedBy: 'ann',
      why: 'SEC-142',
      record: 's3://quarantine/r.json',
    };
    const event = objectEvent({ 'detail-type': 'S3 Object Released', detail: { outcome: 'released', ...release } });
    expect(rendered(target.InputTransformer, event).slice(0, 7)).toEqual([
      'S3 Object Released: an object that was not encrypted as required.',
      'Object, percent-encoded: s3://records/a/b.txt',
      'Version: v1',
      'Put back, if so, as: version v9 under SSE-KMS',
      'Not as required, if so, and spared by an exemption until: 2026-12-01T00:00:00Z',
      'Asked for by: ann  because: SEC-142',
      'Record, percent-encoded: s3://quarantine/r.json',
    ]);
  });

  test.each([
    ['violations', { outcome: 'quarantined' }],
    ['endings', { outcome: 'released' }],
  ])('gets the same lines of %s whatever uploaders and operators write: none of their own, and none that is not made', (rule, outcome) => {
    const stack = newStack();
    fullEnforcerIn(stack);
    const [{ InputTransformer }] = outputRules(stack)[rule].Targets;
    const hostile = [
      'x"\n"What to do: http://evil.example"',
      'x\r\nVersion: v2',
      '<time>',
      '\\',
      '\u2028Where: here',
      '\ud800',
      '\u202e.txt',
      '  '.repeat(90),
    ];
    const titles = (lines: readonly string[]) => lines.map((line) => /^[\w -]+(?=[.:,])/.exec(line)?.[0]);
    const expected = titles(rendered(InputTransformer, objectEvent({ detail: outcome })));
    for (const text of hostile) {
      const chosen = { key: text, location: `s3://quarantine/${text}`, record: `s3://quarantine/${text}`, why: text, requestedBy: text };
      const told = { expected: text, observed: text, reducedBecause: text, encryption: text };
      const lines = rendered(InputTransformer, objectEvent({ detail: { ...outcome, ...chosen, ...told } }));
      expect(titles(lines)).toEqual(expected);
      for (const line of lines) expect(line).not.toMatch(/[^\x20-\x7e]|evil\.example"| {3}/);
    }
  });

  test('may be in another stack of the account, which also gets the alarms', () => {
    const stack = newStack();
    const operations = siblingOf(stack, 'Operations');
    const alerts = new AlertTopic(operations, 'Alerts');
    const enforcer = enforcerIn(stack, { violationTopic: alerts });
    alerts.receiveFrom(...enforcer.alarms);
    const ofCdk = /defaultCrossStackReferences/;
    expect(complaintsOf(stack).filter((complaint) => !ofCdk.test(complaint))).toEqual([]);
  });

  const elsewhere = (stack: Stack, env: { account?: string; region?: string }) =>
    new AlertTopic(new Stack(stack.node.root as never, 'Elsewhere', { env: { ...ENV, ...env } }), 'Alerts');

  test.each<Mistake>([
    {
      mistake: 'of another Region',
      make: (stack) => enforcerIn(stack, { violationTopic: elsewhere(stack, { region: 'us-east-1' }) }),
      path: 'Data/Enforcer/Outputs',
      what: /^violationTopic is of another account or Region than the enforcer/,
      value: `"Elsewhere/Alerts: ${ENV.account}/us-east-1"`,
      remedy: 'Make an AlertTopic beside the enforcer.',
    },
    {
      mistake: 'of another account',
      make: (stack) => enforcerIn(stack, { violationTopic: elsewhere(stack, { account: '999999999999' }) }),
      path: 'Data/Enforcer/Outputs',
      what: /^violationTopic is of another account or Region than the enforcer/,
      value: `"Elsewhere/Alerts: 999999999999/${ENV.region}"`,
      remedy: 'Make an AlertTopic beside the enforcer.',
    },
    {
      mistake: 'of SNS itself',
      make: (stack) => enforcerIn(stack, { violationTopic: new sns.Topic(stack, 'Plain') as never }),
      path: 'Data/Enforcer/Outputs',
      what: /^violationTopic must be an AlertTopic/,
      value: '"Data/Plain"',
      remedy: "Pass new AlertTopic(this, 'Alerts', { topic }).",
    },
  ])('$mistake is refused', expectRefusal);

  test('is taken where account and Region are known at deployment only', () => {
    const app = newApp();
    const stack = new Stack(app, 'Anywhere');
    enforcerIn(stack, { violationTopic: new AlertTopic(stack, 'Alerts') });
    expect(Object.keys(outputRules(stack)).sort()).toEqual(['endings', 'violations']);
  });
});

describe('both', () => {
  test('keep what cannot be delivered, and have alarms that say so in the runbook', () => {
    const stack = newStack();
    const enforcer = fullEnforcerIn(stack);
    const [undeliveredId] = resourceNamed(stack, 'AWS::SQS::Queue', /OutputsUndelivered/);
    for (const { Targets } of Object.values(outputRules(stack)))
      expect(Targets[0].DeadLetterConfig.Arn).toEqual({ 'Fn::GetAtt': [undeliveredId, 'Arn'] });
    expect(enforcer.alarms).toHaveLength(12);
    const runbook = readFileSync(join(__dirname, '..', '..', 'docs', 'operator-runbook.md'), 'utf8');
    const sections = [...runbook.matchAll(/^##+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'));
    const watched = resourcesOf(stack, 'AWS::CloudWatch::Alarm').flatMap(({ Properties: { AlarmDescription, Dimensions } }) => {
      expect(sections).toContain(/#([\w-]+)$/.exec(AlarmDescription)?.[1]);
      return (Dimensions ?? []).map(({ Value }: { Value: unknown }) => textOf(Value));
    });
    const [deadLettersId] = resourceNamed(stack, 'AWS::SQS::Queue', /OutputsSecurityHubDeadLetters/);
    expect(watched).toEqual(expect.arrayContaining([`\${${undeliveredId}.QueueName}`, `\${${deadLettersId}.QueueName}`]));
    expect(sections).toContain('a-violation-was-told');
  });

  test('let in the rules of the enforcer, and no others', () => {
    const stack = newStack();
    const enforcer = fullEnforcerIn(stack);
    for (const id of [/OutputsUndeliveredPolicy/, /OutputsSecurityHubQueuePolicy/]) {
      const [, policy] = resourceNamed(stack, 'AWS::SQS::QueuePolicy', id);
      const [allowing, ...others] = policy.Properties.PolicyDocument.Statement.filter(
        ({ Effect }: { Effect: string }) => Effect === 'Allow',
      );
      expect(others).toEqual([]);
      expect(textOf(allowing.Condition.ArnLike['aws:SourceArn'])).toBe(
        `arn:aws:events:${ENV.region}:${ENV.account}:rule/${enforcer._name}-*`,
      );
    }
  });

  test('do not tell what a canary writes, though it is made after the enforcer', () => {
    const stack = newStack();
    const enforcer = fullEnforcerIn(stack);
    new EncryptedBucket(stack, 'Records', { enforcer, action: EnforcementAction.TAG });
    const canary = new EncryptionCanary(stack, 'Canary', { enforcer });
    for (const { EventPattern } of Object.values(outputRules(stack)))
      expect(EventPattern.detail.bucket).toEqual([{ 'anything-but': [stack.resolve(canary.bucket.bucketName)] }]);
  });

  test('are watched by TamperAlerts, as all that belongs to the enforcer', () => {
    const stack = newStack();
    const enforcer = fullEnforcerIn(stack);
    new TamperAlerts(stack, 'Tamper', { enforcers: [enforcer] });
    const watched = JSON.stringify(
      resourcesOf(stack, 'AWS::Events::Rule').filter(({ Properties }) => /-(functions|queues|alarms)(-\d+)?$/.test(Properties.Name)),
    );
    for (const [type, id] of [
      ['AWS::Lambda::Function', /OutputsSecurityHubHandler/],
      ['AWS::SQS::Queue', /OutputsSecurityHubQueue/],
      ['AWS::SQS::Queue', /OutputsUndelivered/],
      ['AWS::CloudWatch::Alarm', /OutputsSecurityHubDeadLettersAlarm/],
    ] as const)
      expect(watched).toContain(resourceNamed(stack, type, id)[0]);
  });

  test.each(FLAG_SETS)('synthesise without complaint with %s', (_, flags) => {
    const stack = newStack({ flags });
    fullEnforcerIn(stack);
    expect(complaintsOf(stack)).toEqual([]);
  });
});
