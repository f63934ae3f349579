import { encryptionStatements } from '../../lib/domain/bucket-policy';
import type { BucketRule } from '../../lib/domain/bucket-rule';
import type { AcceptedEncryption, EncryptionRequirement } from '../../lib/domain/requirement';
import { declare, ENVELOPE } from '../domain/sample-declarations';
import { CLIENT_SIDE } from '../support/client-side-objects';
import { CLIENT_SIDE_KEY as KEY, S3EC, SDK, summary, verified } from '../support/client-side-world';
import type { Upload } from '../support/in-memory-object-store';
import { SSE_C, upload, world } from '../support/lambda-enforcer-world';
import { contextOf } from '../support/policy-requests';
import { BUCKET_ARN, simulate } from '../support/policy-simulator';

/**
 * What is written straight into an archive, by the policy and by the enforcer that reads: an upload that no content could make compliant is
 * refused, and one that could be compliant is let in.
 */
const clientSide = (envelope: object): EncryptionRequirement => ({
  scheme: 'client-side',
  serverSide: { scheme: 'SSE-S3' },
  envelope: { ...ENVELOPE, ...envelope },
});
const MESSAGES = clientSide({ formats: [SDK] });
const FILES = clientSide({ formats: [S3EC], instructionFileSuffix: '.instruction' });
const PLAIN = { scheme: 'SSE-S3' } as const;

/** Accepted, and which of the objects that clients write can be verified in an archive. */
const SETS: Readonly<Record<string, readonly [AcceptedEncryption, readonly (keyof typeof CLIENT_SIDE)[]]>> = {
  'either format': [[clientSide({})], ['v3']],
  'envelopes in metadata': [[clientSide({ formats: [S3EC] })], ['v3']],
  messages: [[MESSAGES], []],
  'messages, or envelopes in metadata': [[MESSAGES, clientSide({ formats: [S3EC] })], ['v3']],
  'messages, or anything under SSE-S3': [[MESSAGES, PLAIN], Object.keys(CLIENT_SIDE) as (keyof typeof CLIENT_SIDE)[]],
  'instruction files': [[FILES], ['v3', 'v3WithoutKey']],
  'SSE-S3': [[PLAIN], Object.keys(CLIENT_SIDE) as (keyof typeof CLIENT_SIDE)[]],
};
const OBJECTS = Object.entries(CLIENT_SIDE);
const ARCHIVED = { read: 'InvalidObjectState', copy: 'InvalidObjectState' };
/** Nothing waits any more for what belongs to it. */
const LONG_AGO = new Date('2026-11-01T00:00:00Z');
const FILE = `${KEY}.instruction`;

async function allows(accepted: AcceptedEncryption, key: string, headers: object): Promise<boolean> {
  const context = { ...headers, 'aws:SecureTransport': 'true' };
  const { result } = await simulate(encryptionStatements(declare(accepted), BUCKET_ARN), {
    action: 's3:PutObject',
    resource: `${BUCKET_ARN}/${key}`,
    context,
  });
  return result === 'Allowed';
}

const GLACIER = { 's3:x-amz-storage-class': 'GLACIER' };
const ruleFor = (accepted: AcceptedEncryption): BucketRule => ({ declaration: declare(accepted), action: 'quarantine' });

/** What becomes of an object beside this instruction file, as `summary` says it. */
async function outcomeOf(accepted: AcceptedEncryption, object: Upload, { key = KEY, file = CLIENT_SIDE.instructionFile as Upload } = {}) {
  const here = world({ rule: ruleFor(accepted) });
  if (key === KEY) upload(here.store, file, FILE);
  return summary((await verified(here, { ...object, lastModified: LONG_AGO }, key)).outcome);
}

describe.each(Object.entries(SETS))('where %s are accepted', (name, [accepted, verifiable]) => {
  test('the enforcer can verify in an archive what HEAD or an instruction file tells', async () => {
    const outcomes = await Promise.all(
      OBJECTS.map(async ([kind, object]) => [kind, await outcomeOf(accepted, { ...object, refuses: ARCHIVED })] as const),
    );
    expect(outcomes.filter(([, outcome]) => outcome === 'compliant').map(([kind]) => kind)).toEqual(
      expect.arrayContaining([...verifiable]),
    );
    expect(outcomes.filter(([, outcome]) => outcome === 'compliant')).toHaveLength(verifiable.length);
  });

  test('the policy refuses to archive exactly where that is nothing', async () => {
    expect(await allows(accepted, KEY, GLACIER)).toBe(verifiable.length > 0);
    for (const open of [{}, { 's3:x-amz-storage-class': 'GLACIER_IR' }]) expect(await allows(accepted, KEY, open)).toBe(true);
  });

  test('what is let in can be verified, but for messages where another format is accepted beside', async () => {
    const outcomes = await Promise.all(OBJECTS.map(([, object]) => outcomeOf(accepted, { ...object, refuses: ARCHIVED })));
    const isUnproven = outcomes.includes('reported: client-side-unverifiable');
    expect(isUnproven && (await allows(accepted, KEY, GLACIER))).toBe(/either format|messages, or envelopes/.test(name));
  });
});

describe('an instruction file that cannot be read', () => {
  test.each<[string, AcceptedEncryption, Upload, object]>([
    ['archived', [FILES], { ...CLIENT_SIDE.instructionFile, refuses: ARCHIVED }, GLACIER],
    [
      'under SSE-C',
      [FILES, { scheme: 'SSE-C' }],
      { ...CLIENT_SIDE.instructionFile, encryption: SSE_C },
      contextOf({ customerAlgorithm: 'AES256' }),
    ],
  ])('would leave plaintext unverifiable, and is refused: %s', async (_, accepted, file, headers) => {
    expect(await outcomeOf(accepted, CLIENT_SIDE.plain, { file })).toBe('reported: client-side-unverifiable');
    expect(await allows(accepted, FILE, headers)).toBe(false);
    expect(await allows(accepted, KEY, headers)).toBe(true);
    expect(await allows(accepted, FILE, {})).toBe(true);
  });

  test.each([
    ['under another name', 'elsewhere.json', CLIENT_SIDE.instructionFile],
    ['of no object', '.instruction', CLIENT_SIDE.instructionFile],
    ['that has no marker', FILE, CLIENT_SIDE.falseInstructionFile],
  ])('is no way round: one %s is told by HEAD, and tagged where it cannot be moved', async (_, key, object) => {
    expect(await outcomeOf([FILES], { ...object, refuses: ARCHIVED }, { key })).toBe('tagged: malformed-envelope');
  });
});
