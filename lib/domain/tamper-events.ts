import { callPattern, type EventPatternJson, type Fields, type Matcher } from './event-pattern';
import {
  ALARM_CALLS,
  BUCKET_CALLS,
  FUNCTION_CALLS,
  KEY_CALLS,
  LOG_CALLS,
  PARAMETER_CALLS,
  QUEUE_CALLS,
  RULE_CALLS,
  TOPIC_CALLS,
  TRAIL_CALLS,
} from './tamper-calls';

/** What is watched, and how a call says which of them it is about. */
export interface TamperGroup {
  /** Name of its rules. */
  readonly name: string;
  /** Heading of its section in docs/operator-runbook.md, as its anchor. */
  readonly section: string;
  /** What happened, for whoever reads the alert. */
  readonly title: string;
  /** Characters that the name of a thing can have at most. */
  readonly longestThing: number;
  /** Where the call names the thing: paths for the text of the alert. */
  readonly resourcePaths: readonly string[];
  /** The service itself tells it, and no call is known. */
  readonly isEventOfService?: boolean;
  readonly pattern: (things: readonly string[], spared: readonly string[]) => EventPatternJson;
}

const parameter = (name: string, values: readonly unknown[]): Fields => ({ requestParameters: { [name]: values } });
const prefixes = (things: readonly string[], after = ''): Matcher[] => things.map((thing) => ({ prefix: thing + after }));
const suffixes = (things: readonly string[], before = ''): Matcher[] => things.map((thing) => ({ suffix: before + thing }));
const within = (things: readonly string[], around: string): Matcher[] =>
  things.map((thing) => ({ wildcard: `*${around}${thing}${around}*` }));

function alarmPattern(names: readonly Matcher[], spared: readonly string[]): EventPatternJson {
  // **Assumption**: as in the API, first letter in lower case. AWS publishes no sample of the event of a mute rule.
  const muted = { requestParameters: { muteTargets: { alarmNames: names } } };
  return callPattern(ALARM_CALLS, [parameter('alarmName', names), parameter('alarmNames', names), muted], spared);
}

const REQUEST = '$.detail.requestParameters';

/** Things are named by … */
export const TAMPER_GROUPS = {
  /** … key ids: a call may have the id, or the ARN, which ends in it. */
  keys: {
    name: 'keys',
    longestThing: 36,
    section: 'tampering-with-keys',
    title: 'A KMS key that guarded objects depend on was changed',
    resourcePaths: ['$.detail.resources', `${REQUEST}.keyId`, `${REQUEST}.targetKeyId`],
    pattern: (ids, spared) =>
      callPattern(
        KEY_CALLS,
        // A refused call may come without resources.
        [{ resources: { ARN: suffixes(ids) } }, parameter('keyId', suffixes(ids)), parameter('targetKeyId', suffixes(ids))],
        spared,
      ),
  },
  /** … bucket names. */
  buckets: {
    name: 'buckets',
    longestThing: 63,
    section: 'tampering-with-buckets',
    title: 'The configuration of a guarded bucket was changed',
    resourcePaths: [`${REQUEST}.bucketName`],
    pattern: (names, spared) => callPattern(BUCKET_CALLS, [parameter('bucketName', names)], spared),
  },
  /** … trail names. A call may have the name, or the ARN. None stands for all trails. */
  trail: {
    name: 'trail',
    longestThing: 128,
    section: 'tampering-with-the-trail',
    title: 'A trail of CloudTrail was changed, by which these alerts come',
    resourcePaths: [`${REQUEST}.name`, `${REQUEST}.trailName`],
    pattern: (names, spared) => {
      const matchers = [...names, ...suffixes(names, ':trail/')];
      return callPattern(TRAIL_CALLS, names.length === 0 ? [] : [parameter('name', matchers), parameter('trailName', matchers)], spared);
    },
  },
  /** … beginnings of parameter names. */
  parameters: {
    name: 'parameters',
    longestThing: 64,
    section: 'tampering-with-the-enforcer',
    title: 'A rule of an encryption enforcer was changed: what it requires of a bucket',
    resourcePaths: [`${REQUEST}.name`, `${REQUEST}.names`],
    pattern: (starts, spared) =>
      callPattern(PARAMETER_CALLS, [parameter('name', prefixes(starts)), parameter('names', prefixes(starts))], spared),
  },
  /** … beginnings of the names of EventBridge rules. */
  eventRules: {
    name: 'event-rules',
    longestThing: 64,
    section: 'tampering-with-the-enforcer',
    title: 'A rule of EventBridge was changed, by which events reach an encryption enforcer or its canary, or these alerts come',
    resourcePaths: [`${REQUEST}.name`, `${REQUEST}.rule`],
    pattern: (starts, spared) =>
      callPattern(RULE_CALLS, [parameter('name', prefixes(starts)), parameter('rule', prefixes(starts))], spared),
  },
  /** … function names. A call may have the name, or an ARN that ends in it; one about an event source names the function in its answer. */
  functions: {
    name: 'functions',
    longestThing: 64,
    section: 'tampering-with-the-enforcer',
    title: 'The function of an encryption enforcer or its canary was changed, or what calls it',
    resourcePaths: [`${REQUEST}.functionName`, '$.detail.responseElements.functionArn'],
    pattern: (names, spared) =>
      callPattern(
        FUNCTION_CALLS,
        [
          // By name or ARN, either with an alias, a version or $LATEST behind it.
          parameter('functionName', [...names, ...prefixes(names, ':'), ...suffixes(names, ':'), ...within(names, ':')]),
          { responseElements: { functionArn: suffixes(names, ':function:') } },
        ],
        spared,
      ),
  },
  /** … queue names, in which a URL or an ARN ends. */
  queues: {
    name: 'queues',
    longestThing: 80,
    section: 'tampering-with-the-enforcer',
    title: 'A queue of an encryption enforcer was changed or emptied',
    resourcePaths: [`${REQUEST}.queueUrl`, `${REQUEST}.sourceArn`],
    pattern: (names, spared) =>
      callPattern(QUEUE_CALLS, [parameter('queueUrl', suffixes(names, '/')), parameter('sourceArn', suffixes(names, ':'))], spared),
  },
  /** … alarm names. */
  alarms: {
    name: 'alarms',
    longestThing: 255,
    section: 'tampering-with-the-alerts',
    title: 'An alarm about encryption was changed or silenced',
    resourcePaths: [`${REQUEST}.alarmName`, `${REQUEST}.alarmNames`, `${REQUEST}.muteTargets.alarmNames`],
    pattern: (names, spared) => alarmPattern(names, spared),
  },
  /** … names of log groups. One call may have the ARN instead. */
  logs: {
    name: 'logs',
    longestThing: 512,
    section: 'tampering-with-the-enforcer',
    title: 'The log of an encryption enforcer, its canary or a trail was deleted, is kept for another time, or encrypted under another key',
    resourcePaths: [`${REQUEST}.logGroupName`, `${REQUEST}.resourceIdentifier`],
    pattern: (names, spared) =>
      callPattern(LOG_CALLS, [parameter('logGroupName', names), parameter('resourceIdentifier', suffixes(names, ':log-group:'))], spared),
  },
  /** … topic ARNs, with which the ARNs of subscriptions begin. */
  topics: {
    name: 'topics',
    longestThing: 320,
    section: 'tampering-with-the-alerts',
    title: 'The topic of these alerts was changed, or who hears of them',
    resourcePaths: [`${REQUEST}.topicArn`, `${REQUEST}.resourceArn`, `${REQUEST}.subscriptionArn`],
    pattern: (arns, spared) =>
      callPattern(
        TOPIC_CALLS,
        [parameter('topicArn', arns), parameter('resourceArn', arns), parameter('subscriptionArn', prefixes(arns, ':'))],
        spared,
      ),
  },
} as const satisfies Readonly<Record<string, TamperGroup>>;

/** The alarms on the alerts themselves, by the beginning of their names: each new one would need room in a rule, which would need an alarm. */
export const OWN_ALARMS: TamperGroup = {
  ...TAMPER_GROUPS.alarms,
  name: 'own-alarms',
  pattern: (starts, spared) => alarmPattern(prefixes(starts), spared),
};

/** A rule that is switched off does not hear of it. Another one does. */
export const RULE_OF_RULES: TamperGroup = { ...TAMPER_GROUPS.eventRules, name: 'twice' };

/**
 * What KMS itself tells, trail or not. Nobody is named in it: https://docs.aws.amazon.com/kms/latest/developerguide/kms-events.html.
 * Not `KMS CMK Rotation`: a key is to rotate, and a mail for each key and year teaches people to look away.
 */
export const KEY_EVENTS: TamperGroup = {
  name: 'key-events',
  longestThing: 36,
  section: 'tampering-with-keys',
  title: 'KMS deleted a key that guarded objects depend on, or its imported material expired',
  isEventOfService: true,
  resourcePaths: ['$.detail.key-id'],
  pattern: (ids) => ({
    source: ['aws.kms'],
    'detail-type': ['KMS CMK Deletion', 'KMS Imported Key Material Expiration'],
    detail: { 'key-id': ids },
  }),
};
