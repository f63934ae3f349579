import { encryptionsIn, placedKeys, type Unchecked } from './encryption-config';
import type { Fault } from './fault';
import type { DataConfig, GuardConfig, GuardedBucketConfig, KeysConfig, SharedKeyConfig } from './guard-config';
import { isKeyId } from './home';
import { at } from './readers';

interface Declared {
  readonly path: string;
  readonly key: Unchecked<SharedKeyConfig>;
  readonly home: Unchecked<KeysConfig>;
}

interface Use {
  readonly path: string;
  /** Id of the key. */
  readonly value: string;
  readonly bucket: Unchecked<GuardedBucketConfig>;
  readonly bucketPath: string;
  readonly home: Unchecked<DataConfig>;
}

/** Keys that are declared, and buckets that name them. */
export function sharedKeyFaults(config: Unchecked<GuardConfig>): Fault[] {
  const [declared, uses] = [declaredIn(config), usesIn(config)];
  return [
    ...declared.flatMap((one, index) => declarationFaults(one, declared.slice(0, index), uses)),
    // What could not be read may be what a bucket names.
    ...(isWhole(config) ? uses.flatMap((use) => useFaults(use, declared)) : []),
    ...namelessFaults(uses),
  ];
}

function isWhole({ keys }: Unchecked<GuardConfig>): boolean {
  return keys?.every((home) => home?.keys?.every((key) => key?.id !== undefined)) ?? false;
}

function declaredIn({ keys = [] }: Unchecked<GuardConfig>): Declared[] {
  return keys.flatMap((home = {}, place) =>
    (home.keys ?? []).flatMap((key, index) => (key === undefined ? [] : [{ path: `keys[${place}].keys[${index}]`, key, home }])),
  );
}

function usesIn({ data = [] }: Unchecked<GuardConfig>): Use[] {
  return data.flatMap((home = {}, place) =>
    (home.buckets ?? []).flatMap((bucket = {}, index) => {
      const bucketPath = `data[${place}].buckets[${index}]`;
      const places = encryptionsIn(bucket).flatMap(({ encryption, path }) =>
        placedKeys(encryption).map((key) => ({ value: key.value, path: at(at(bucketPath, path), key.path) })),
      );
      return places.filter(({ value }) => isKeyId(value)).map((use) => ({ ...use, bucket, bucketPath, home }));
    }),
  );
}

function declarationFaults({ path, key, home }: Declared, before: readonly Declared[], uses: readonly Use[]): Fault[] {
  const { id, arn, administrators = [] } = key;
  const faults: Fault[] = [];
  const twin = before.find((other) => other.key.id === id);
  if (id !== undefined && twin !== undefined) {
    faults.push({
      path: `${path}.id`,
      what: `is the same as ${twin.path}.id`,
      value: id,
      remedy: 'Buckets name keys by it: choose another.',
    });
  } else if (id !== undefined && !uses.some(({ value }) => value === id)) {
    const what = 'is named by no bucket, and a key is bound to the buckets that it is for';
    faults.push({ path: `${path}.id`, what, value: id, remedy: 'Name it in the keys of a bucket, or remove it here.' });
  }
  for (const [field, value] of [['arn', arn], ...administrators.map((admin, index) => [`administrators[${index}]`, admin])] as const) {
    if (value === undefined || home.account === undefined || value.split(':')[4] === home.account) continue;
    faults.push({
      path: `${path}.${field}`,
      what: `is not of the account of the key, ${home.account}`,
      value,
      remedy: 'Use one of that account.',
    });
  }
  return [...faults, ...replicaFaults(key, home).map((fault) => ({ ...fault, path: at(path, fault.path) }))];
}

function replicaFaults(
  { primaryKeyArn: value, multiRegion, rotationDays }: Unchecked<SharedKeyConfig>,
  home: Unchecked<KeysConfig>,
): Fault[] {
  if (value === undefined) return [];
  const [, , , region, account, resource] = value.split(':');
  const isPrimary = account === home.account && region !== home.region && resource?.startsWith('key/mrk-');
  const what = 'is not the ARN of a multi-Region key of this account in another Region';
  const ofPrimary = Object.entries({ multiRegion, rotationDays }).filter(([, given]) => given !== undefined);
  return [
    ...(isPrimary ? [] : [{ path: 'primaryKeyArn', what, value, remedy: 'Leave it out for a key of its own.' }]),
    ...ofPrimary.map(([path, given]) => ({
      path,
      what: 'is that of the primary key',
      value: given,
      remedy: 'Leave it out for a replica.',
    })),
  ];
}

function useFaults({ path, value, home }: Use, declared: readonly Declared[]): Fault[] {
  const key = declared.find((one) => one.key.id === value);
  if (key === undefined) {
    return [
      { path, what: 'is neither the ARN of a KMS key nor the id of one that is declared in keys', value, remedy: 'Declare it there.' },
    ];
  }
  const [region, ofKey] = [home.region, key.home.region];
  if (region === undefined || ofKey === undefined || region === ofKey) return [];
  return [
    { path, what: `is a key of ${ofKey}, and S3 uses keys of the bucket's Region only, ${region}`, value, remedy: 'Declare one there.' },
  ];
}

/** The policy of the key names the bucket, which waits for the key. */
function namelessFaults(uses: readonly Use[]): Fault[] {
  const nameless = new Map(uses.filter(({ bucket }) => bucket.name === undefined).map((use) => [use.bucketPath, use]));
  return [...nameless.values()].map(({ bucketPath, value }) => ({
    path: `${bucketPath}.name`,
    what: `is missing: the key ${value} is bound to the bucket, and there before it`,
    remedy: 'Choose one.',
  }));
}
