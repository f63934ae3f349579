import { keyName } from './arns';
import {
  type AcceptedConfig,
  type EncryptionConfig,
  encryptionsIn,
  kmsPartOf,
  SCHEME_NAMES,
  SERVER_SIDE_NAMES,
  type ServerSideConfig,
  type Unchecked,
  usesKmsKeys,
} from './encryption-config';
import { envelope } from './envelope-config';
import type { Fault } from './fault';
import { at, type Fields, listOf, oneOf, optional, type Read, record, withDefault } from './readers';

const keys: Read<readonly string[]> = listOf(keyName, {
  least: 1,
  most: 20,
  must: 'must be a list of 1 to 20 keys',
  remedy: "Leave it out for a key of the bucket's own.",
});

const serverSide: Read<ServerSideConfig> = record<ServerSideConfig>(
  { must: 'must be an object with a scheme', remedy: 'For example { "scheme": "SSE-KMS" }; leave it out for SSE-S3.' },
  {
    scheme: oneOf(SERVER_SIDE_NAMES, 'S3 itself encrypts in one of these ways, whatever it gets.'),
    keys: optional(keys),
  },
  encryptionFaults,
);

/** What a bucket, a prefix and an item of alsoAccept say alike; `encryptionFaults` checks it. */
export const ENCRYPTION: Fields<EncryptionConfig> = {
  scheme: oneOf(SCHEME_NAMES, 'Write it as AWS prints it.'),
  keys: optional(keys),
  serverSide: optional(serverSide),
  envelope: optional(envelope),
};

const encryption: Read<EncryptionConfig> = record<EncryptionConfig>(
  { must: 'must be an object with a scheme', remedy: 'For example { "scheme": "SSE-S3" }.' },
  ENCRYPTION,
  encryptionFaults,
);

/** The same, with what is accepted beside it. */
export const ACCEPTED: Fields<AcceptedConfig> = {
  ...ENCRYPTION,
  alsoAccept: withDefault(
    [],
    listOf(encryption, { least: 1, most: 10, must: 'must be a list of 1 to 10 objects with a scheme', remedy: 'Leave it out for none.' }),
  ),
};

export function encryptionFaults({ scheme, keys: named, serverSide: beneath, envelope: required }: Unchecked<EncryptionConfig>): Fault[] {
  if (scheme === undefined) return [];
  const faults: Fault[] = [];
  if (named !== undefined && !usesKmsKeys(scheme)) {
    const remedy = scheme === 'client-side' ? 'Give keys to serverSide, or to none.' : 'Remove keys, or choose SSE-KMS or DSSE-KMS.';
    faults.push({ path: 'keys', what: `is given, and ${scheme} names no KMS keys`, value: named, remedy });
  }
  if (beneath !== undefined && scheme !== 'client-side') {
    const remedy = 'Remove serverSide, or choose client-side.';
    faults.push({ path: 'serverSide', what: `is given, and ${scheme} has nothing beneath it`, value: beneath, remedy });
  }
  if (required !== undefined && scheme !== 'client-side') {
    const remedy = 'Remove envelope, or choose client-side.';
    faults.push({ path: 'envelope', what: `is given, and ${scheme} leaves no envelope`, value: required, remedy });
  }
  return faults;
}

/** Parts that name no keys take those of the bucket, so there must be some. */
export function missingKeyFaults(bucket: Parameters<typeof encryptionsIn>[0]): Fault[] {
  const [, ...parts] = encryptionsIn(bucket);
  if (bucket.scheme === undefined || kmsPartOf(bucket) !== undefined) return [];
  return parts
    .filter(({ encryption: part }) => kmsPartOf(part) !== undefined && kmsPartOf(part)?.keys === undefined)
    .map(({ encryption: part, path }) => ({
      path: at(path, part.scheme === 'client-side' ? 'serverSide.keys' : 'keys'),
      what: `is missing, and the bucket has no KMS key to take instead: it requires ${bucket.scheme}`,
      remedy: 'Name the keys that objects may be encrypted under here.',
    }));
}
