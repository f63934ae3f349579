import { arnFaults, type Home } from './arn-faults';
import { roleArn, topicArn } from './arns';
import type { Fault } from './fault';
import type { AlarmConfig, GuardConfig, QuarantineConfig } from './guard-config';
import { bucket } from './read-bucket';
import { days, listOf, optional, type Read, record, text, withDefault } from './readers';

/**
 * The configuration in a parsed JSON document, or everything that is wrong with it. Pure: reads no file.
 *
 * @param home - where the stack goes if the document does not say
 */
export function parseConfig(document: unknown, home: Home = {}): { config: GuardConfig } | { faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const config = GUARD(document, '', faults);
  if (config !== undefined) faults.push(...arnFaults(config, home));
  return config === undefined || faults.length > 0 ? { faults } : { config };
}

const email = text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, { must: 'must be an e-mail address', remedy: 'Write one address for each item.' });

const alarms: Read<AlarmConfig> = record<AlarmConfig>(
  { must: 'must be an object with topicArn or emails', remedy: 'Leave it out for a new topic without subscribers.' },
  {
    topicArn: optional(topicArn),
    emails: optional(
      listOf(email, { least: 1, most: 100, must: 'must be a list of 1 to 100 addresses', remedy: 'Leave it out for none.' }),
    ),
  },
  alarmFaults,
);

const quarantine: Read<QuarantineConfig> = record<QuarantineConfig>(
  { must: 'must be an object with retentionDays or readers', remedy: 'Leave it out for 90 days and no readers.' },
  {
    retentionDays: withDefault(90, days('Leave it out for 90 days.')),
    readers: withDefault(
      [],
      listOf(roleArn, { least: 0, most: 20, must: 'must be a list of at most 20 role ARNs', remedy: 'Leave it out for none.' }),
    ),
  },
);

const GUARD: Read<GuardConfig> = record<GuardConfig>(
  { must: 'the file must hold one JSON object', remedy: 'Begin with { "buckets": [{ "id": "Data" }] }.' },
  {
    $schema: optional(text(/\S/, { must: 'must be the path of the schema', remedy: 'It is for editors; leave it out if unsure.' })),
    account: optional(text(/^\d{12}$/, { must: 'must be an account id, 12 digits in quotes', remedy: "Leave it out for the profile's." })),
    region: optional(
      text(/^[a-z]{2,4}(-[a-z]+)+-\d+$/, { must: 'must be a Region such as eu-west-1', remedy: "Leave it out for the profile's." }),
    ),
    stackName: withDefault(
      'S3EncryptionGuard',
      text(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, {
        must: 'must begin with a letter and have no others than letters, digits and hyphens, 128 at most',
        remedy: 'Keep it once deployed: another name is another stack.',
      }),
    ),
    buckets: listOf(bucket, {
      least: 1,
      most: 50,
      must: 'must be a list of 1 to 50 buckets',
      remedy: 'For example [{ "id": "Data" }].',
      distinct: ['id', 'name'],
    }),
    alarms: withDefault({ topicArn: undefined, emails: undefined }, alarms),
    accessLogs: withDefault(
      { retentionDays: 365 },
      record(
        { must: 'must be an object with retentionDays', remedy: 'Leave it out for 365 days.' },
        { retentionDays: days('Leave accessLogs out for 365 days.') },
      ),
    ),
    quarantine: withDefault({ retentionDays: 90, readers: [] }, quarantine),
  },
);

function alarmFaults({ topicArn: topic, emails }: Partial<AlarmConfig>): Fault[] {
  if (topic === undefined || emails === undefined) return [];
  return [
    { path: 'emails', what: 'is given beside topicArn', value: emails, remedy: 'Give one of the two: an own topic has own subscribers.' },
  ];
}
