import { enforceObject } from '../../lambda/encryption-enforcer/enforce-object';
import type { BucketRule } from '../../lib/domain/bucket-rule';
import { declare, ENVELOPE } from '../domain/sample-declarations';
import { CLIENT_SIDE } from '../support/client-side-objects';
import { CLIENT_SIDE_KEY as KEY, clientSideRule as ruleOf, S3EC, SDK, summary, verified } from '../support/client-side-world';
import { BUCKET, REQUIRED_KEY, rulesThatSay, SSE_KMS, SSE_S3, upload, world } from '../support/lambda-enforcer-world';
import { meanwhile, watched } from '../support/lambda-intercepted-store';

const EITHER = ruleOf({});
const CLIENT_ONLY = ruleOf({ formats: [S3EC] });
const SDK_ONLY = ruleOf({ formats: [SDK] });

/** Requests until there is a verdict. */
describe('an object of a bucket that requires client-side encryption', () => {
  test.each<[string, BucketRule, keyof typeof CLIENT_SIDE, number, string]>([
    ['of the S3 Encryption Client, by its metadata', EITHER, 'v3', 1, 'compliant'],
    ['of the S3 Encryption Client alone, by its metadata', CLIENT_ONLY, 'v3', 1, 'compliant'],
    ['a message of the Encryption SDK, by its first bytes', EITHER, 'message', 2, 'compliant'],
    ['a message, where only these are accepted', SDK_ONLY, 'message', 2, 'compliant'],
    ['V3, where only messages are accepted, by its metadata', SDK_ONLY, 'v3', 1, 'quarantined: wrong-envelope-format'],
    ['without key commitment', EITHER, 'v2', 1, 'quarantined: no-key-commitment'],
    ['without key commitment, which is not required', ruleOf({ keyCommitment: false }), 'v2', 1, 'compliant'],
    ['with a bare x-amz-c', EITHER, 'bareMarker', 1, 'quarantined: malformed-envelope'],
    ['that begins like a message', EITHER, 'forgedMessage', 2, 'quarantined: malformed-envelope'],
    ['that is none of it', EITHER, 'plain', 2, 'quarantined: not-client-side-encrypted'],
    ['that is none of it, by its metadata', CLIENT_ONLY, 'plain', 1, 'quarantined: not-client-side-encrypted'],
    ['a message, where only the S3 Encryption Client is accepted', CLIENT_ONLY, 'message', 1, 'quarantined: not-client-side-encrypted'],
    ['whose data key lies elsewhere, and nothing does here', CLIENT_ONLY, 'v3WithoutKey', 1, 'quarantined: malformed-envelope'],
    ['an instruction file, and such are not accepted', CLIENT_ONLY, 'instructionFile', 1, 'quarantined: malformed-envelope'],
    ['that bears metadata of the other format beside its message', SDK_ONLY, 'bareMarker', 2, 'quarantined: not-client-side-encrypted'],
  ])('%s', async (_, rule, object, requests, expected) => {
    const result = await verified(world({ rule }), CLIENT_SIDE[object]);
    expect(summary(result.outcome)).toBe(expected);
    // A wrong one is looked at again, by HEAD, once it is copied.
    expect(result.requests).toBe(requests);
  });

  test('is not read where S3 has encrypted it otherwise than is required beneath', async () => {
    const { outcome, calls } = await verified(world({ rule: SDK_ONLY }), { ...CLIENT_SIDE.message, encryption: SSE_KMS });
    expect(summary(outcome)).toBe('quarantined: wrong-scheme');
    expect(calls.map(({ operation }) => operation)).not.toContain('readStart');
  });

  test('is not read for a rule that is met without', async () => {
    const declaration = declare([EITHER.declaration.accepted[0], { scheme: 'SSE-S3' }]);
    const { outcome, requests } = await verified(world({ rule: { ...EITHER, declaration } }), CLIENT_SIDE.plain);
    expect([outcome.kind, requests]).toEqual(['compliant', 1]);
  });

  test('is read once, though it is judged by the rule that was remembered and by that of now', async () => {
    const { calls } = await verified(world({ rule: EITHER }), CLIENT_SIDE.plain);
    expect(calls.filter(({ operation }) => operation === 'readStart')).toHaveLength(1);
  });

  test('is read anew where the rule of now asks for something else', async () => {
    const here = world({ rule: CLIENT_ONLY });
    const { store, calls } = watched(here.store);
    const written = upload(here.store, CLIENT_SIDE.message, KEY);
    const outcome = await enforceObject(written, { ...here.ports, store, rules: rulesThatSay(CLIENT_ONLY, SDK_ONLY) });
    expect(outcome.kind).toBe('compliant');
    expect(calls.map(({ operation }) => operation)).toEqual(['head', 'readStart']);
  });

  test('is read by its version and ETag, 4 KiB of it', async () => {
    const { calls, written } = await verified(world({ rule: SDK_ONLY }), CLIENT_SIDE.message);
    const { bucket, key, versionId, etag } = written;
    expect(calls.find(({ operation }) => operation === 'readStart')?.args).toEqual([{ bucket, key, versionId }, 4096, `"${etag}"`]);
  });

  test('that S3 does not let be read is reported, and left alone', async () => {
    const refuses = { read: 'InvalidObjectState: archived' };
    const { outcome } = await verified(world({ rule: EITHER }), { ...CLIENT_SIDE.message, refuses });
    expect(outcome).toMatchObject({ kind: 'reported', violation: { reason: 'client-side-unverifiable' } });
    expect(outcome).toMatchObject({ violation: { observed: expect.stringContaining('InvalidObjectState: archived') } });
  });

  test('that is overwritten while it is read is looked at anew', async () => {
    const here = world({ rule: EITHER, versioning: 'never' });
    const written = upload(here.store, CLIENT_SIDE.plain, KEY);
    const overwrite = () => void upload(here.store, CLIENT_SIDE.message, KEY);
    const store = meanwhile(here.store, 'before', 'readStart', overwrite);
    await expect(enforceObject(written, { ...here.ports, store })).rejects.toThrow(
      'overwritten or deleted while its envelope was looked for',
    );
    await expect(enforceObject(written, here.ports)).resolves.toEqual({ kind: 'gone' });
    expect(here.store.versionsOf(BUCKET, KEY)).toHaveLength(1);
  });

  test('is told of with what was found', async () => {
    const { outcome } = await verified(world({ rule: EITHER }), CLIENT_SIDE.bareMarker);
    expect(outcome).toMatchObject({
      violation: {
        expected: 'client-side encryption (Amazon S3 Encryption Client or AWS Encryption SDK, with key commitment), stored with SSE-S3',
        observed: expect.stringMatching(/^SSE-S3; malformed envelope: .+/),
      },
    });
  });
});

test('over SSE-KMS, the same: what lies beneath is required, and the envelope', async () => {
  const serverSide = { scheme: 'SSE-KMS', keyArns: [REQUIRED_KEY] } as const;
  const rule: BucketRule = { ...EITHER, declaration: declare([{ scheme: 'client-side', serverSide, envelope: ENVELOPE }]) };
  const right = await verified(world({ rule }), { ...CLIENT_SIDE.message, encryption: SSE_KMS });
  expect(right.outcome).toEqual({ kind: 'compliant', scheme: 'SSE-KMS' });
  const wrong = await verified(world({ rule }), { ...CLIENT_SIDE.message, encryption: SSE_S3 });
  expect(summary(wrong.outcome)).toBe('quarantined: wrong-scheme');
});
