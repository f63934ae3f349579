import { principalArn, roleArn, topicArn } from './arns';
import type { Fault } from './fault';
import type {
  AlarmConfig,
  DeploymentConfig,
  MonitoringConfig,
  ObjectLockConfig,
  OutputsConfig,
  QuarantineConfig,
  QuotaIncreaseConfig,
  ReleaseConfig,
  TamperAlertsConfig,
} from './guard-config';
import { days, listOf, oneOf, optional, type Read, record, text, wholeNumber, withDefault, yesOrNo } from './readers';

/** What several parts of a configuration say alike. */

export const accountId = text(/^\d{12}$/, {
  must: 'must be an account id, 12 digits in quotes',
  remedy: 'Take it from `aws sts get-caller-identity`.',
});

export const regionName = text(/^[a-z]{2,4}(-[a-z]+)+-\d+$/, {
  must: 'must be a Region such as eu-west-1',
  remedy: 'Write it as in the ARNs of its resources.',
});

/** With room for what the stacks beside it are named. */
export const stackName: Read<string> = text(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, {
  must: 'must begin with a letter and have no others than letters, digits and hyphens, 100 at most',
  remedy: 'Keep it once deployed: another name is another stack.',
});

export const place = {
  account: optional(accountId),
  region: optional(regionName),
} satisfies Record<keyof Omit<DeploymentConfig, 'stackName'>, unknown>;

const email = text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, { must: 'must be an e-mail address', remedy: 'Write one address for each item.' });

export const alarms: Read<AlarmConfig> = withDefault(
  { topicArn: undefined, emails: undefined },
  record<AlarmConfig>(
    { must: 'must be an object with topicArn or emails', remedy: 'Leave it out for a new topic without subscribers.' },
    {
      topicArn: optional(topicArn),
      emails: optional(
        listOf(email, { least: 1, most: 100, must: 'must be a list of 1 to 100 addresses', remedy: 'Leave it out for none.' }),
      ),
    },
    alarmFaults,
  ),
);

/** Roles that are let do something; nobody, where it is left out. */
export const roles: Read<readonly string[]> = withDefault(
  [],
  listOf(roleArn, { least: 0, most: 20, must: 'must be a list of at most 20 role ARNs', remedy: 'Leave it out for none.' }),
);

const release: Read<ReleaseConfig | undefined> = optional(
  record<ReleaseConfig>(
    { must: 'must be an object, {} for whoever IAM lets invoke it', remedy: 'Leave it out for no way back out of quarantine.' },
    { operators: roles },
  ),
);

export const quarantine: Read<QuarantineConfig> = withDefault(
  { retentionDays: 90, readers: [], release: undefined },
  record<QuarantineConfig>(
    { must: 'must be an object with retentionDays or readers', remedy: 'Leave it out for 90 days and no readers.' },
    {
      retentionDays: withDefault(90, days('Leave it out for 90 days.')),
      readers: roles,
      release,
    },
  ),
);

export const objectLock: Read<ObjectLockConfig | undefined> = optional(
  record<ObjectLockConfig>(
    { must: 'must be an object with mode and days', remedy: 'Leave it out for a bucket without Object Lock.' },
    {
      mode: oneOf(['GOVERNANCE', 'COMPLIANCE'], 'COMPLIANCE lets nobody shorten the retention, not even the root user.'),
      days: days('Objects are locked for so long.'),
    },
  ),
);

export const administrators: Read<readonly string[] | undefined> = optional(
  listOf(principalArn, {
    least: 1,
    most: 20,
    must: 'must be a list of 1 to 20 ARNs of roles and users',
    remedy: 'Leave it out for whoever IAM allows.',
  }),
);

export const monitoring: Read<MonitoringConfig | undefined> = optional(
  record<MonitoringConfig>(
    { must: 'must be an object, {} for the defaults', remedy: 'Leave it out for alarms only.' },
    {
      kmsQuotaThresholdPercent: withDefault(80, wholeNumber(1, 100, 'Leave it out for 80.')),
      canary: optional(
        record(
          { must: 'must be an object, {} for a canary every hour', remedy: 'Leave it out for none.' },
          { intervalMinutes: withDefault(60, wholeNumber(15, 720, 'Leave it out for 60.')) },
        ),
      ),
      weeklyDigest: withDefault(false, yesOrNo('Leave it out for false.')),
    },
  ),
);

export const tamperAlerts: Read<TamperAlertsConfig | undefined> = optional(
  record<TamperAlertsConfig>(
    { must: 'must be an object, {} for alerts about everybody', remedy: 'Leave it out for no alerts.' },
    {
      deployingRoles: withDefault(
        [],
        listOf(roleArn, { least: 1, most: 20, must: 'must be a list of 1 to 20 role ARNs', remedy: 'Leave it out for none.' }),
      ),
    },
  ),
);

export const kmsQuotaIncrease: Read<QuotaIncreaseConfig | undefined> = optional(
  record<QuotaIncreaseConfig>(
    { must: 'must be an object with requestsPerSecond', remedy: 'Leave it out, and AWS is asked for nothing.' },
    { requestsPerSecond: wholeNumber(1, 10_000_000, 'It is what the account needs in this Region, all services together.') },
  ),
);

export const outputs: Read<OutputsConfig> = withDefault(
  { violations: false, securityHub: false },
  record<OutputsConfig>(
    { must: 'must be an object with violations or securityHub', remedy: 'Leave it out for log, metrics and events only.' },
    {
      violations: withDefault(false, yesOrNo('Leave it out for false.')),
      securityHub: withDefault(false, yesOrNo('Leave it out for false. Enable Security Hub CSPM there first.')),
    },
  ),
);

function alarmFaults({ topicArn: topic, emails }: Partial<AlarmConfig>): Fault[] {
  if (topic === undefined || emails === undefined) return [];
  return [
    { path: 'emails', what: 'is given beside topicArn', value: emails, remedy: 'Give one of the two: an own topic has own subscribers.' },
  ];
}
