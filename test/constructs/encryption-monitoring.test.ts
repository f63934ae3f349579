import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlertTopic, EncryptionEnforcer, EncryptionMonitoring, type EncryptionMonitoringProps, KmsQuotaMonitor } from '../../lib';
import { METRICS } from '../../lib/domain/contract';
import { monitor } from '../support/monitored';
import { complaintsOf, FLAG_SETS, newApp, newStack, onlyResourceOf, resourcesOf, siblingOf, textOf } from '../support/stacks';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the type of the widget
  readonly properties: any;
}

function widgetsOf(stack: Stack): Widget[] {
  return JSON.parse(textOf(onlyResourceOf(stack, 'AWS::CloudWatch::Dashboard').Properties.DashboardBody)).widgets;
}

const widgetOf = (stack: Stack, title: RegExp) => widgetsOf(stack).find(({ properties }) => title.test(properties.title ?? ''));

const nameOf = (stack: Stack): string => {
  const [handler] = resourcesOf(stack, 'AWS::Lambda::Function').filter(
    (each) => 'QUARANTINE_BUCKET' in each.Properties.Environment.Variables,
  );
  return handler?.Properties.Environment.Variables.ENFORCER_NAME;
};

describe('the dashboard', () => {
  test('answers at its top left: violations without those of the canary, what is not verified, what was done less', () => {
    const stack = newStack();
    const { enforcer, canary } = monitor(stack);
    const [answer] = widgetsOf(stack);
    expect(answer).toMatchObject({ x: 0, y: 0, properties: { view: 'singleValue', setPeriodToTimeRange: true } });
    const lines: unknown[][] = answer?.properties.metrics;
    const shown = lines.map((line) => line.at(-1) as { label?: string; expression?: string; visible?: boolean });
    expect(shown.filter(({ visible }) => visible !== false).map(({ label, expression }) => [label, expression])).toEqual([
      ['not as required', 'FILL(notasrequired0,0)-FILL(notasrequired1,0)'],
      ['not verified', 'FILL(notverified0,0)+FILL(notverified1,0)'],
      ['less done than configured', 'FILL(lessdonethanconfigured0,0)'],
      ['as required', 'FILL(asrequired0,0)'],
      ['canary caught (1: yes)', undefined],
    ]);
    const ofId = (id: string) => lines.find((line) => (line.at(-1) as { id?: string }).id === id)?.slice(0, -1);
    const textIn = (value: unknown) => textOf(stack.resolve(value));
    const all = ['S3EncryptionGuard', 'NonCompliantObjects'];
    expect(ofId('notasrequired0')).toEqual([...all, 'service', nameOf(stack)]);
    expect(ofId('notasrequired1')).toEqual([...all, 'Bucket', textIn(canary.bucket.bucketName), 'service', nameOf(stack)]);
    expect([ofId('notverified0')?.at(-1), ofId('notverified1')?.at(-1)]).toEqual(
      [enforcer.deadLetterQueue, enforcer.undeliveredQueue].map(({ queueName }) => textIn(queueName)),
    );
  });

  test('shows every name of the metrics contract, by the dimensions that the function counts under', () => {
    const stack = newStack();
    monitor(stack);
    const body = JSON.stringify(widgetsOf(stack));
    // Gone is nobody's fault, and has no place where the guarantee is looked at.
    const { namespace, enforcerDimension, bucketDimension, schemeDimension, goneObjects, ...names } = METRICS;
    for (const name of Object.values(names)) expect(body).toContain(name);
    const expressions = (title: RegExp) =>
      widgetOf(stack, title)?.properties.metrics.map(([{ expression }]: [{ expression: string }]) => expression);
    const search = (dimension: string, name: string) =>
      `SEARCH('{S3EncryptionGuard,service,${dimension}} MetricName="${name}" AND (service="${nameOf(stack)}")', 'Sum')`;
    expect(expressions(/by scheme/)).toEqual(
      ['CompliantObjects', 'NonCompliantObjects', 'ExemptObjects'].map((name) => search('Scheme', name)),
    );
    expect(expressions(/by bucket/)).toEqual([search('Bucket', 'NonCompliantObjects')]);
  });

  test('shows ages by p50 and p99, and depth and age of the queues', () => {
    const stack = newStack();
    const { enforcer } = monitor(stack);
    const metricsOf = (title: RegExp): unknown[][] => widgetOf(stack, title)?.properties.metrics;
    const ages = metricsOf(/verdict \(ms\)/).map((line) => [line[1], (line.at(-1) as { stat: string }).stat]);
    expect(ages).toEqual([
      ['VerificationAge', 'p50'],
      ['VerificationAge', 'p99'],
      ['ThrottledAge', 'Maximum'],
      ['UnfinishedAge', 'Maximum'],
    ]);
    const queueText = textOf(stack.resolve(enforcer.queue.queueName));
    expect(metricsOf(/^Waiting/).map((line) => [line[1], line[3] === queueText])).toEqual([
      ['ApproximateNumberOfMessagesVisible', true],
      ['ApproximateNumberOfMessagesNotVisible', true],
      ['ApproximateNumberOfMessagesVisible', false],
      ['ApproximateAgeOfOldestMessage', true],
    ]);
  });

  test('fills its rows, without overlaps, in CloudWatch’s 24 columns', () => {
    const stack = newStack();
    monitor(stack, { additionalWidgets: [new cloudwatch.TextWidget({ markdown: 'KMS request share', width: 24 })] });
    const cells = widgetsOf(stack).flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, i) => `${x + (i % width)},${y + Math.floor(i / width)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(cells.length % 24).toBe(0);
    expect(widgetsOf(stack).at(-1)?.properties.markdown).toBe('KMS request share');
  });

  test('names each line after its enforcer where there are two', () => {
    const stack = newStack();
    const enforcers = ['First', 'Second'].map((id) => new EncryptionEnforcer(stack, id));
    new EncryptionMonitoring(stack, 'Monitoring', { enforcers });
    const labels = widgetOf(stack, /dead letters/)?.properties.metrics.map((line: unknown[]) => (line.at(-1) as { label: string }).label);
    expect(labels).toEqual(['First: dead letters', 'First: undelivered', 'Second: dead letters', 'Second: undelivered']);
    const [[search] = []] = widgetOf(stack, /by bucket/)?.properties.metrics ?? [];
    expect(search.expression).toMatch(/\(service="Data-First-\w+" OR service="Data-Second-\w+"\)/);
  });

  test('links sections of the runbook that exist', () => {
    const stack = newStack();
    monitor(stack);
    const links = [...JSON.stringify(widgetsOf(stack)).matchAll(/operator-runbook\.md#([\w-]+)/g)].map(([, section]) => section);
    expect(links.length).toBeGreaterThan(1);
    for (const link of links) expect(SECTIONS).toContain(link);
  });
});

const SECTIONS = [...readFileSync(join(__dirname, '..', '..', 'docs', 'operator-runbook.md'), 'utf8').matchAll(/^##+ (.+)$/gm)].map(
  ([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'),
);

describe('the alarms', () => {
  test('of enforcer and canary, and those that are given, are all in the composite alarm and on the dashboard', () => {
    const stack = newStack();
    const quota = cloudwatch.Alarm.fromAlarmArn(stack, 'Quota', 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:kms-quota');
    const { enforcer, canary, monitoring } = monitor(stack, { alarms: [quota] });
    const expected = [...enforcer.alarms, ...canary.alarms, quota];
    expect(monitoring.alarms).toEqual(expected);
    const arns = expected.map(({ alarmArn }) => textOf(stack.resolve(alarmArn)));
    const { AlarmRule } = onlyResourceOf(stack, 'AWS::CloudWatch::CompositeAlarm').Properties;
    expect(textOf(AlarmRule)).toBe(`(${arns.map((arn) => `ALARM("${arn}")`).join(' OR ')})`);
    const composite = textOf(stack.resolve(monitoring.compositeAlarm?.alarmArn));
    expect(widgetOf(stack, /^Alarms$/)?.properties.alarms).toEqual([composite, ...arns]);
  });

  const actionsOf = (stack: Stack, type: string) => resourcesOf(stack, type).map(({ Properties }) => Properties.AlarmActions);

  test('ring once: the composite one tells the topic, and no other does', () => {
    const stack = newStack();
    const { monitoring } = monitor(stack);
    const action = stack.resolve(monitoring.alertTopic.topic.topicArn);
    expect(actionsOf(stack, 'AWS::CloudWatch::CompositeAlarm')).toEqual([[action]]);
    expect(new Set(actionsOf(stack, 'AWS::CloudWatch::Alarm'))).toEqual(new Set([undefined]));
  });

  test('tell it themselves where there is no composite one; those that are given are left as they are', () => {
    const stack = newStack();
    const given = new cloudwatch.Metric({ namespace: 'N', metricName: 'M' }).createAlarm(stack, 'Given', {
      threshold: 1,
      evaluationPeriods: 1,
    });
    const quotaMonitors = [new KmsQuotaMonitor(stack, 'Quota')];
    const { monitoring } = monitor(stack, { compositeAlarm: false, alarms: [given], quotaMonitors });
    const action = stack.resolve(monitoring.alertTopic.topic.topicArn);
    const silent = resourcesOf(stack, 'AWS::CloudWatch::Alarm').filter(({ Properties }) => Properties.AlarmActions === undefined);
    expect(silent.map(({ Properties }) => Properties.MetricName)).toEqual(['M']);
    expect(actionsOf(stack, 'AWS::CloudWatch::Alarm').filter(Boolean)).toEqual(Array.from({ length: 12 }, () => [action]));
  });

  test.each<[string, (stack: Stack) => Partial<EncryptionMonitoringProps>]>([
    ['a new topic', () => ({})],
    [
      'a given one',
      (stack) => {
        const topic = new sns.Topic(stack, 'Given', { masterKey: new kms.Key(stack, 'GivenKey'), enforceSSL: true });
        return { alertTopic: new AlertTopic(stack, 'Alerts', { topic }) };
      },
    ],
  ])('can reach %s: its policy and that of its key let CloudWatch in', (_, props) => {
    const stack = newStack();
    const { monitoring } = monitor(stack, props(stack));
    const keyId = (monitoring.alertTopic.topic.masterKey as kms.Key).keyId;
    const keys = Template.fromStack(stack).findResources('AWS::KMS::Key');
    const [topicPolicy] = resourcesOf(stack, 'AWS::SNS::TopicPolicy');
    for (const policy of [topicPolicy?.Properties.PolicyDocument, keys[stack.resolve(keyId).Ref]?.['Properties'].KeyPolicy])
      expect(JSON.stringify(policy)).toContain('cloudwatch.amazonaws.com');
  });

  test('link sections of the runbook that exist, each its own', () => {
    const stack = newStack();
    monitor(stack);
    const alarms = [...resourcesOf(stack, 'AWS::CloudWatch::Alarm'), ...resourcesOf(stack, 'AWS::CloudWatch::CompositeAlarm')];
    const links = alarms.map(({ Properties }) => /docs\/operator-runbook\.md#(\S+)$/.exec(Properties.AlarmDescription)?.[1]);
    expect(new Set(links).size).toBe(alarms.length);
    for (const link of links) expect(SECTIONS).toContain(link);
  });

  test('do without the composite one where that is asked for', () => {
    const stack = newStack();
    const { monitoring } = monitor(stack, { compositeAlarm: false });
    expect(resourcesOf(stack, 'AWS::CloudWatch::CompositeAlarm')).toEqual([]);
    expect(monitoring.compositeAlarm).toBeUndefined();
  });
});

test.each(FLAG_SETS)('monitoring synthesises without a complaint under %s', (_, flags) => {
  const stack = newStack({ flags });
  monitor(stack);
  expect(complaintsOf(stack)).toEqual([]);
});

test('monitoring synthesises without a complaint in a stack above those of the enforcers', () => {
  const [, [, flags] = ['', {}]] = FLAG_SETS;
  const stack = newStack({ flags });
  const { enforcer, canary } = monitor(stack);
  const above = siblingOf(stack, 'Above');
  new EncryptionMonitoring(above, 'Monitoring', { enforcers: [enforcer], canaries: [canary] });
  expect([...complaintsOf(stack), ...complaintsOf(above)]).toEqual([]);
});

test('monitoring synthesises where account and Region are not known', () => {
  const stack = new Stack(newApp(), 'Data');
  monitor(stack);
  expect(complaintsOf(stack)).toEqual([]);
});
