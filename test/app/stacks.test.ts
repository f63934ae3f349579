import type { App } from 'aws-cdk-lib';
import { acknowledge } from '../../bin/stacks/acknowledgements';
import type { GuardStacks } from '../../bin/stacks/guard-stacks';
import { configOf, deployed, documentIn, EVERYTHING, EXAMPLES, newStacks, SHIPPED } from '../support/guard-app';
import { ENV, type Resource } from '../support/stacks';

const TOPIC = { data: [{ ...SHIPPED.data[0], alarms: { topicArn: `arn:aws:sns:${ENV.region}:${ENV.account}:alarms` } }] };
const CONFIGURATIONS: readonly (readonly [string, ReturnType<typeof documentIn>])[] = [
  ['s3-encryption-guard.json', SHIPPED],
  ['test/app/everything.json', EVERYTHING],
  ['a topic that exists', TOPIC],
  ...EXAMPLES.map((path) => [path, documentIn(path)] as const),
];

interface Synthesised {
  readonly name: string;
  readonly resources: Readonly<Record<string, Resource>>;
}

function templatesOf({ app, stacks }: { app: App; stacks: GuardStacks }): Synthesised[] {
  for (const { stack, findings } of stacks.made) acknowledge(stack, findings);
  // What is said of a topic of others is looked at below.
  jest.spyOn(console, 'error').mockImplementation();
  return app.synth().stacks.map(({ stackName, template }) => ({ name: stackName, resources: template.Resources }));
}

const ofType = (type: string, templates: readonly Synthesised[]) =>
  templates.flatMap(({ resources }) => Object.entries(resources).filter(([, { Type }]) => Type === type));

describe.each(CONFIGURATIONS)('the stacks of %s', (_, document) => {
  const made = newStacks(deployed(document));
  const templates = templatesOf(made);
  const { stacks } = made.app.synth();

  test('give CDK nothing to complain of, but print what a topic of others has to let in', () => {
    const complaints = stacks.flatMap(({ messages }) => messages.map(({ entry }) => String(entry.data)));
    const isPrinted = (complaint: string) => complaint.includes('may reach the given topic');
    expect(complaints.filter((complaint) => !isPrinted(complaint))).toEqual([]);
    expect(complaints.some(isPrinted)).toBe(document === TOPIC);
  });

  test('are protected and tagged as the configuration says', () => {
    const { terminationProtection, tags } = configOf(deployed(document));
    expect(stacks.map((stack) => [stack.terminationProtection ?? false, stack.tags])).toEqual(
      stacks.map(() => [terminationProtection, tags]),
    );
  });

  test('wait for each other in no circle, those of data for none but those of their keys', () => {
    const waitsFor = new Map(
      stacks.map((stack) => [stack.stackName, stack.dependencies.filter(({ id }) => !id.endsWith('.assets')).map(({ id }) => id)]),
    );
    const { data, keys } = configOf(deployed(document));
    const keyStacks = keys.map(({ stackName }) => stackName);
    expect(keyStacks.flatMap((name) => waitsFor.get(name))).toEqual([]);
    expect(data.flatMap(({ stackName }) => waitsFor.get(stackName) ?? []).filter((name) => !keyStacks.includes(name))).toEqual([]);
    // The CDK lists stacks behind those that they wait for.
    const order = stacks.map(({ stackName }) => stackName);
    for (const [name, others] of waitsFor) for (const other of others) expect(order.indexOf(other)).toBeLessThan(order.indexOf(name));
  });

  test('leave to stacks of their own what the local engine cannot deploy', () => {
    const { data } = configOf(deployed(document));
    const ofData = templates.filter(({ name }) => data.some(({ stackName }) => stackName === name));
    const types = new Set(ofData.flatMap(({ resources }) => Object.values(resources).map(({ Type }) => Type)));
    const beyond = [
      'AWS::CloudTrail::Trail',
      'AWS::CloudWatch::CompositeAlarm',
      'AWS::Logs::QueryDefinition',
      'AWS::Athena::NamedQuery',
      'AWS::KMS::ReplicaKey',
    ];
    expect(beyond.filter((type) => types.has(type))).toEqual([]);
    const alarms = ofType('AWS::CloudWatch::Alarm', ofData).map(([, { Properties }]) => Properties);
    expect(alarms.filter(({ Metrics }) => Metrics !== undefined)).toEqual([]);
  });

  test('have an action for each alarm, access logs of each bucket but their own, and keep whatever holds data', () => {
    const alarms = [...ofType('AWS::CloudWatch::Alarm', templates), ...ofType('AWS::CloudWatch::CompositeAlarm', templates)];
    const buckets = ofType('AWS::S3::Bucket', templates);
    expect(alarms.length).toBeGreaterThan(4);
    expect(alarms.filter(([, { Properties }]) => Properties.AlarmActions?.length !== 1)).toEqual([]);
    const unlogged = buckets.filter(([, { Properties }]) => !Properties.LoggingConfiguration).map(([id]) => id);
    expect(unlogged.filter((id) => !id.startsWith('AccessLogsBucket'))).toEqual([]);
    const kept = [...buckets, ...ofType('AWS::KMS::Key', templates), ...ofType('AWS::S3::BucketPolicy', templates)]
      // Its objects are wrong on purpose, and gone within minutes.
      .filter(([id]) => !id.startsWith('Canary'))
      .map(([id, resource]) => ({ id, ...(resource as Resource & { UpdateReplacePolicy?: string; DeletionPolicy?: string }) }));
    expect(kept.filter(({ UpdateReplacePolicy }) => UpdateReplacePolicy !== 'Retain').map(({ id }) => id)).toEqual([]);
    // What a first deployment that failed leaves behind would be in the way of the next one. A shared key cannot be deleted at once.
    const stays = kept.filter(({ DeletionPolicy }) => DeletionPolicy !== 'RetainExceptOnCreate');
    expect(stays.map(({ id, DeletionPolicy }) => [id.replace(/[0-9A-F]{8}$/, ''), DeletionPolicy])).toEqual(
      ofType('AWS::KMS::Key', templates)
        .filter(([id]) => id.startsWith('Keys'))
        .map(([id]) => [id.replace(/[0-9A-F]{8}$/, ''), 'Retain']),
    );
  });
});
