import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Fault } from './fault';
import type { GuardConfig } from './guard-config';

/** Where the CLI's profile deploys to, as far as it is known. */
export interface Home {
  readonly region?: string | undefined;
}

interface NamedArn {
  /** Absent where a fault was found already. */
  readonly value: string | undefined;
  readonly path: string;
  /** Roles have none. */
  readonly hasRegion: boolean;
}

/** S3 uses keys of the bucket's Region, CloudWatch topics of its own, and nothing reaches from one partition into another. */
export function arnFaults(config: Partial<GuardConfig>, home: Home): Fault[] {
  const region = config.region ?? home.region;
  if (region === undefined) return [];
  const where = config.region === undefined ? `${region}, the Region of the CLI's profile` : region;
  // Undefined for a Region that this CDK does not know yet.
  const { partition } = RegionInfo.get(region);
  return arnsOf(config).flatMap(({ value, path, hasRegion }) => {
    const [, ofArn, , regionOfArn] = value?.split(':') ?? [];
    if (value === undefined) return [];
    if (hasRegion && regionOfArn !== region) {
      return [{ path, what: `is not in ${where}`, value, remedy: 'Use one of the Region of the stack.' }];
    }
    if (partition === undefined || ofArn === partition) return [];
    const what = `is of the partition ${ofArn}, and ${where} is of ${partition}`;
    return [{ path, what, value, remedy: `Use one whose ARN begins with arn:${partition}:.` }];
  });
}

/** Of a configuration that may have faults, so that any list may be missing or have gaps. */
function arnsOf({ buckets, alarms, quarantine }: Partial<GuardConfig>): NamedArn[] {
  const keys = (buckets ?? []).flatMap((bucket, index) =>
    (bucket?.keyArns ?? []).map((value, key) => ({ value, path: `buckets[${index}].keyArns[${key}]`, hasRegion: true })),
  );
  const readers = (quarantine?.readers ?? []).map((value, index) => ({ value, path: `quarantine.readers[${index}]`, hasRegion: false }));
  return [...keys, { value: alarms?.topicArn, path: 'alarms.topicArn', hasRegion: true }, ...readers];
}
