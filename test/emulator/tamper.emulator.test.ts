import {
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { REKEY_EVENT } from '../../lib/domain/event-pattern';
import { TAMPER_GROUPS, type TamperGroup } from '../../lib/domain/tamper-events';
import { eventually } from '../support/deployed-enforcement';
import { ACCOUNT, cloudTrailEvent, type Deployed, deployTamper, filled, matching, patternsOf } from '../support/deployed-tamper';
import { rekeyed } from '../support/events';
import { describeRekeying } from '../support/rekeying';
import { DEPLOYING_ROLE } from './tamper-app';
import groups from './tamper-cases.json';

/**
 * EventBridge takes no events of `aws.*` from anybody, so the patterns of the deployed rules are asked instead, by the engine's TestEventPattern.
 * The cases are events as CloudTrail prints them, with the fields of AWS's samples.
 */
jest.setTimeout(60_000);

interface Case {
  readonly call: string;
  readonly why?: string;
  readonly request: object | null;
  readonly answer?: object;
  readonly resources?: readonly object[];
  readonly refused?: boolean;
  /** Another group that hears of it. */
  readonly and?: string;
}

/** Reads the account from the environment when it is first used, after the deployment has named it there. */
const events = new EventBridgeClient({});
let deployed: Deployed;
/** By the end of the rule's name. */
let alertRules: Readonly<Record<string, string>>;

beforeAll(async () => {
  deployed = await deployTamper();
  alertRules = await patternsOf(events, deployed.AlertRulePrefix);
}, 180_000);

function eventOf(detail: object, { call, request, answer, resources, refused }: Case) {
  const changed = {
    ...detail,
    eventName: call,
    requestParameters: request,
    ...(answer && { responseElements: answer }),
    ...(resources && { resources }),
    ...(refused && { errorCode: 'AccessDenied', errorMessage: 'User is not authorized', resources: undefined }),
  };
  return cloudTrailEvent(filled(changed, deployed) as Record<string, unknown>);
}

const nameOf = ({ call, why }: Case) => (why === undefined ? call : `${call} (${why})`);

describe.each(groups)('the rule on $group', ({ group, detail, hits, misses }) => {
  test.each((hits as Case[]).map((each) => [nameOf(each), each] as const))('hears of %s, and no other rule does', async (_, each) => {
    const expected = [group, ...(each.and === undefined ? [] : [each.and])].sort();
    expect(await matching(events, alertRules, eventOf(detail, each))).toEqual(expected);
  });

  if (misses.length > 0) {
    test.each((misses as Case[]).map((each) => [nameOf(each), each] as const))('does not hear of %s', async (_, each) => {
      expect(await matching(events, alertRules, eventOf(detail, each))).toEqual([]);
    });
  }
});

test('every call that is watched has a case, under the name that is in the pattern', () => {
  const watched = Object.values(TAMPER_GROUPS).flatMap(({ name, pattern }: TamperGroup) => {
    const { eventName } = pattern(['thing'], [])['detail'] as { eventName: (string | { prefix: string })[] };
    return eventName.map((matcher) => ({ name, matcher }));
  });
  const isShown = ({ name, matcher }: (typeof watched)[number]) =>
    groups.some(
      ({ group, hits }) =>
        group === name && hits.some(({ call }) => (typeof matcher === 'string' ? call === matcher : call.startsWith(matcher.prefix))),
    );
  expect(watched.length).toBeGreaterThan(60);
  expect(watched.filter((each) => !isShown(each))).toEqual([]);
});

describe('what KMS tells without a trail', () => {
  const kmsEvent = (detailType: string, keyId: string) => ({
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': detailType,
    source: 'aws.kms',
    account: ACCOUNT,
    time: '2026-11-12T00:00:00Z',
    region: 'eu-west-1',
    resources: [`arn:aws:kms:eu-west-1:${ACCOUNT}:key/${keyId}`],
    detail: { 'key-id': keyId },
  });

  test.each(['KMS CMK Deletion', 'KMS Imported Key Material Expiration'])('is heard: %s', async (detailType) => {
    expect(await matching(events, alertRules, kmsEvent(detailType, deployed.KeyId))).toEqual(['key-events']);
    expect(await matching(events, alertRules, kmsEvent(detailType, `${deployed.KeyId}0`))).toEqual([]);
  });

  test('is not told of what should happen: rotation', async () => {
    expect(await matching(events, alertRules, kmsEvent('KMS CMK Rotation', deployed.KeyId))).toEqual([]);
  });
});

describe('a deploying role', () => {
  const call = (userIdentity: object) => {
    const { detail } = groups.find(({ group }) => group === 'buckets') ?? { detail: {} };
    return eventOf({ ...detail, userIdentity }, { call: 'PutBucketPolicy', request: { bucketName: deployed.Versioned } });
  };
  const sessionOf = (arn: string) => ({ type: 'AssumedRole', sessionContext: { sessionIssuer: { type: 'Role', arn } } });

  test('raises no alert', async () => {
    expect(await matching(events, alertRules, call(sessionOf(DEPLOYING_ROLE)))).toEqual([]);
  });

  test.each<[string, object]>([
    ['another role', sessionOf(`${DEPLOYING_ROLE}-2`)],
    ['the root user', { type: 'Root', arn: `arn:aws:iam::${ACCOUNT}:root` }],
    ['a user', { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/Alice` }],
    ['a service', { type: 'AWSService', invokedBy: 'cloudformation.amazonaws.com' }],
  ])('is spared alone: %s is not', async (_, userIdentity) => {
    expect(await matching(events, alertRules, call(userIdentity))).toEqual(['buckets']);
  });
});

describe('an alert', () => {
  /** What the engine makes of an event for the target of a rule, told by a rule on events that anybody may send. */
  async function textOf(ruleName: string, detail: object): Promise<string> {
    const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
    const name = `probe-${ruleName}`;
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: deployed.AlertRulePrefix + ruleName }));
    await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify({ source: [name] }) }));
    const target = { Id: 'probe', Arn: Attributes?.['QueueArn'] ?? '', InputTransformer: Targets?.[0]?.InputTransformer };
    await events.send(new PutTargetsCommand({ Rule: name, Targets: [target] }));
    await events.send(new PutEventsCommand({ Entries: [{ Source: name, DetailType: 'probe', Detail: JSON.stringify(detail) }] }));
    return eventually(
      'alert',
      async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }))).Messages?.[0]?.Body,
    );
  }

  test('says who did what to which resource, from where, and what to do', async () => {
    const [keys] = groups;
    const hit = keys?.hits.find(({ call }) => call === 'ScheduleKeyDeletion') as Case;
    const text = await textOf('keys', eventOf(keys?.detail ?? {}, hit).detail);
    expect(text).toContain('What: ScheduleKeyDeletion');
    expect(text).toContain(deployed.KeyArn);
    expect(text).toContain(`Who: arn:aws:iam::${ACCOUNT}:user/Alice`);
    expect(text).toContain(`account ${ACCOUNT}, eu-west-1, from 192.0.2.0`);
    expect(text).toMatch(/docs\/operator-runbook\.md#tampering-with-keys"?$/);
    // It is written by whoever calls, and so is what people would read.
    expect(text).not.toContain('aws-cli');
  });

  test('says that a call was refused', async () => {
    const [, buckets] = groups;
    const hit = buckets?.hits.find(({ refused }: Case) => refused) as Case;
    expect(await textOf('buckets', eventOf(buckets?.detail ?? {}, hit).detail)).toContain('AccessDenied');
  });
});

describe('re-keying', () => {
  test('is heard by the rule of the enforcer where it changed something, and by no alert', async () => {
    const rules = await patternsOf(events, deployed.RulePrefix);
    const event = (bucket: string) => rekeyed({ bucket, key: 'a' });
    for (const bucket of [deployed.Versioned, deployed.Unversioned]) {
      expect(await matching(events, rules, event(bucket))).toEqual(['rekeys']);
      expect(await matching(events, alertRules, event(bucket))).toEqual([]);
    }
    const { detail, ...envelope } = event(deployed.Versioned);
    expect(detail.eventName).toBe(REKEY_EVENT);
    expect(await matching(events, rules, { ...envelope, detail: { ...detail, errorCode: 'AccessDenied' } })).toEqual([]);
    expect(await matching(events, rules, { ...envelope, detail: { ...detail, eventName: 'PutObject' } })).toEqual([]);
    expect(await matching(events, rules, event(`${deployed.Versioned}-2`))).toEqual([]);
  });

  describeRekeying(() => deployed);
});
