/**
 * Whether two spellings name the same KMS key.
 *
 * S3 reports the full key ARN of an object, so two ARNs decide. The other spellings cannot: an alias is
 * resolved in the account of whoever asks (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html),
 * and a bare key id does not say in which account and Region it lies. S3 treats multi-Region keys (`mrk-…`) as
 * single-Region, so the same `mrk-` id in another Region is another key.
 */
export type KeyIdentity =
  | { readonly kind: 'key-arn'; readonly partition: string; readonly region: string; readonly account: string; readonly keyId: string }
  | { readonly kind: 'key-id'; readonly keyId: string }
  | { readonly kind: 'alias' }
  | { readonly kind: 'unrecognised' };

export type KeyComparison = 'same' | 'different' | 'undecidable';

const KMS_ARN = /^arn:(aws[a-z-]*):kms:([a-z0-9-]+):(\d{12}):(key|alias)\/(\S+)$/;
const KEY_ID = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export function keyIdentity(spelling: string): KeyIdentity {
  const arn = KMS_ARN.exec(spelling);
  if (arn) {
    const [, partition = '', region = '', account = '', type, keyId = ''] = arn;
    if (type === 'alias') return { kind: 'alias' };
    return KEY_ID.test(keyId) ? { kind: 'key-arn', partition, region, account, keyId } : { kind: 'unrecognised' };
  }
  if (spelling.startsWith('alias/')) return { kind: 'alias' };
  return KEY_ID.test(spelling) ? { kind: 'key-id', keyId: spelling } : { kind: 'unrecognised' };
}

/** `same` only where both spellings prove it. */
export function compareKeys(a: string, b: string): KeyComparison {
  const left = keyIdentity(a);
  const right = keyIdentity(b);
  const leftId = 'keyId' in left ? left.keyId : undefined;
  const rightId = 'keyId' in right ? right.keyId : undefined;
  if (leftId === undefined || rightId === undefined) return 'undecidable';
  if (leftId !== rightId) return 'different';
  if (left.kind !== 'key-arn' || right.kind !== 'key-arn') return 'undecidable';
  const sameHome = left.partition === right.partition && left.region === right.region && left.account === right.account;
  return sameHome ? 'same' : 'different';
}
