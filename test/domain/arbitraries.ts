import fc from 'fast-check';

/** fast-check prints this seed, and the path to the counterexample, with every failure. */
export const SEEDED = { seed: 20261122, numRuns: 1000 } as const;

/** A KMS key as its parts, so that an oracle need not take an ARN apart. */
export interface KeyParts {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly id: string;
}

const hex = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });

/** Few places on purpose: two keys drawn at random often share some of their parts, not all. */
const places = fc.constantFrom(
  { partition: 'aws', region: 'eu-west-1' },
  { partition: 'aws', region: 'us-east-1' },
  { partition: 'aws-cn', region: 'cn-north-1' },
  { partition: 'aws-us-gov', region: 'us-gov-west-1' },
);

export const keyIds = fc.oneof(
  fc.constantFrom('mrk-1234abcd12ab34cd56ef1234567890ab', '0987dcba-09fe-87dc-65ba-ab0987654321'),
  fc.tuple(hex(8), hex(4), hex(4), hex(4), hex(12)).map((groups) => groups.join('-')),
  hex(32).map((digits) => `mrk-${digits}`),
);

export const keyParts: fc.Arbitrary<KeyParts> = fc
  .record({ place: places, account: fc.constantFrom('111122223333', '444455556666'), id: keyIds })
  .map(({ place, account, id }) => ({ ...place, account, id }));

export const arnOf = ({ partition, region, account, id }: KeyParts) => `arn:${partition}:kms:${region}:${account}:key/${id}`;

export const sameKey = (a: KeyParts, b: KeyParts) =>
  a.id === b.id && a.account === b.account && a.region === b.region && a.partition === b.partition;

export const aliasNames = fc.constantFrom('alias/data', 'alias/aws/s3', 'alias/0987dcba-09fe-87dc-65ba-ab0987654321');

export const aliasArns = fc
  .record({ key: keyParts, alias: aliasNames })
  .map(({ key, alias }) => `arn:${key.partition}:kms:${key.region}:${key.account}:${alias}`);
