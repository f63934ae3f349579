import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { DigestedEnforcer } from '../../lib/domain/digested-enforcer';
import type { DigestConfig } from './config';
import { type DigestMessage, digestText } from './digest-text';
import { type BucketCount, figuresOf, worstBuckets } from './figures';
import type { MetricSeries } from './metric-series';
import { queriesOf, queryByBucket } from './queries';
import { dueAt, type Weeks, weeksBefore } from './weeks';

export interface DigestPorts {
  readonly config: DigestConfig;
  readonly readMetrics: (queries: readonly MetricDataQuery[], weeks: Weeks) => Promise<readonly MetricSeries[]>;
  /** Returns the id of the message. */
  readonly publish: (message: DigestMessage) => Promise<string | undefined>;
  readonly now: () => Date;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly logError: (message: string, error: unknown, fields: Readonly<Record<string, unknown>>) => void;
}

/** The subject of what was sent; undefined while no digest is due. @throws where counts are not known, or the topic takes nothing */
export async function sendDigest(event: unknown, ports: DigestPorts): Promise<string | undefined> {
  const at = dueAt(event, ports.now());
  if (at === undefined) {
    ports.log('no digest is due', {});
    return undefined;
  }
  const weeks = weeksBefore(at);
  const { enforcers } = ports.config;
  const figures = figuresOf(enforcers, await ports.readMetrics(queriesOf(enforcers), weeks), weeks);
  const buckets = await Promise.all(enforcers.map((enforcer) => bucketsOf(enforcer, weeks, ports)));
  const message = digestText(
    figures.map((each, place) => ({ ...each, buckets: buckets[place] })),
    weeks,
    ports.config,
  );
  const messageId = await ports.publish(message);
  ports.log('digest sent', { subject: message.subject, messageId });
  return message.subject;
}

/** The digest is worth sending without them, and says that they are not known. */
async function bucketsOf(enforcer: DigestedEnforcer, weeks: Weeks, ports: DigestPorts): Promise<BucketCount[] | undefined> {
  try {
    return worstBuckets(enforcer, await ports.readMetrics([queryByBucket(enforcer.name)], weeks), weeks);
  } catch (error) {
    ports.logError('violations by bucket not known', error, { enforcer: enforcer.name });
    return undefined;
  }
}
