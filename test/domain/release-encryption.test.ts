import type { Exemption } from '../../lib/domain/declaration';
import { releaseEncryption } from '../../lib/domain/release-encryption';
import type { AcceptedEncryption } from '../../lib/domain/requirement';
import { declare, ENVELOPE } from './sample-declarations';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321';
const NOW = new Date('2026-11-12T10:00:00Z');
const KMS = { scheme: 'SSE-KMS', keyArns: [KEY_ARN, `${KEY_ARN}2`] } as const;
const DSSE = { scheme: 'DSSE-KMS', keyArns: [KEY_ARN] } as const;
const CLIENT_SIDE = { scheme: 'client-side', serverSide: KMS, envelope: ENVELOPE } as const;
const until = (end: string): Exemption => ({ prefix: 'old/', principalArns: [], until: end, reason: 'agreed' });

test.each<[string, AcceptedEncryption, object]>([
  ['the first key of SSE-KMS', [KMS], { scheme: 'SSE-KMS', keyArn: KEY_ARN }],
  ['DSSE-KMS', [DSSE, KMS], { scheme: 'DSSE-KMS', keyArn: KEY_ARN }],
  ['SSE-S3', [{ scheme: 'SSE-S3' }], { scheme: 'SSE-S3' }],
  ['what is accepted beside SSE-C', [{ scheme: 'SSE-C' }, { scheme: 'SSE-S3' }], { scheme: 'SSE-S3' }],
  ['what is accepted beside client-side encryption', [CLIENT_SIDE, DSSE, KMS], { scheme: 'DSSE-KMS', keyArn: KEY_ARN }],
])('an object is released under %s', (_, accepted, encryption) => {
  expect(releaseEncryption(declare(accepted), 'a/key', NOW)).toEqual({ status: 'as-required', encryption });
});

test.each<[string, AcceptedEncryption]>([
  ['SSE-C', [{ scheme: 'SSE-C' }]],
  ['client-side encryption', [CLIENT_SIDE]],
  ['both', [CLIENT_SIDE, { scheme: 'SSE-C' }]],
])('no copy can become %s, so that the release is refused, with what to do', (_, accepted) => {
  const why = expect.stringMatching(/which no copy can become; .*alsoAccept\(\).*exempt\(\)/);
  expect(releaseEncryption(declare(accepted), 'a/key', NOW)).toEqual({ status: 'refused', why });
});

test('what the client encrypted as required is released over what S3 is to do beneath', () => {
  const envelope = { format: 'AWS Encryption SDK', version: '2', algorithm: '05 78', keyCommitment: true, wrappingKeyArns: [] } as const;
  const evidence = { kind: 'envelope', envelope: { ...envelope, unnamedWrappingKeys: 1 } } as const;
  const asRequired = { status: 'as-required', encryption: { scheme: 'SSE-KMS', keyArn: KEY_ARN } };
  expect(releaseEncryption(declare([CLIENT_SIDE]), 'a/key', NOW, evidence)).toEqual(asRequired);
});

test('what it did not is refused, with what was found', () => {
  const refused = releaseEncryption(declare([CLIENT_SIDE]), 'a/key', NOW, { kind: 'malformed', why: 'half of it' });
  expect(refused).toMatchObject({ status: 'refused', why: expect.stringContaining('(found: malformed envelope: half of it)') });
});

test('the rule of the prefix decides, not that of the bucket', () => {
  const declaration = declare([KMS], { prefixRules: [{ prefix: 'plain/', accepted: [{ scheme: 'SSE-S3' }] }] });
  expect(releaseEncryption(declaration, 'plain/key', NOW)).toMatchObject({ encryption: { scheme: 'SSE-S3' } });
  expect(releaseEncryption(declaration, 'plain', NOW)).toMatchObject({ encryption: { scheme: 'SSE-KMS' } });
});

describe('where nothing that S3 can do is accepted, an exemption', () => {
  test.each<[string, AcceptedEncryption, object]>([
    ['client-side encryption', [CLIENT_SIDE], { scheme: 'SSE-KMS', keyArn: KEY_ARN }],
    ['SSE-C', [{ scheme: 'SSE-C' }], { scheme: 'SSE-S3' }],
  ])('from %s spares what comes nearest, while it lasts', (_, accepted, encryption) => {
    const exemptions = [until('2026-11-12T10:00:01Z')];
    const declaration = declare(accepted, { exemptions });
    expect(releaseEncryption(declaration, 'old/key', NOW)).toEqual({ status: 'exempt', encryption, exemption: exemptions[0] });
    expect(releaseEncryption(declaration, 'new/key', NOW).status).toBe('refused');
  });

  test('that has ended spares nothing', () => {
    const declaration = declare([CLIENT_SIDE], { exemptions: [until('2026-11-12T10:00:00Z')] });
    expect(releaseEncryption(declaration, 'old/key', NOW).status).toBe('refused');
  });
});

test('an exemption is no reason to release under less than is required', () => {
  const declaration = declare([KMS], { exemptions: [until('2027-01-01T00:00:00Z')] });
  expect(releaseEncryption(declaration, 'old/key', NOW)).toEqual({
    status: 'as-required',
    encryption: { scheme: 'SSE-KMS', keyArn: KEY_ARN },
  });
});
