import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bucketPolicyStatements } from '../../lib/domain/bucket-policy';
import type { EncryptionRequirement } from '../../lib/domain/requirement';
import { FOREIGN_ACCOUNT, RIGHT_KEY, SECOND_KEY } from '../domain/sample-keys';
import { contextOf, DEFAULT_KEY_REPORTED, HEADERS, TRANSPORTS } from '../support/policy-requests';
import { BUCKET_ARN, simulate } from '../support/policy-simulator';

/** `Allowed`, or the Sids that must deny: all of them, and no others. */
type Expected = 'Allowed' | readonly string[];

interface CaseFile {
  readonly requirement: { readonly scheme: EncryptionRequirement['scheme']; readonly keys?: readonly ('right' | 'second')[] };
  readonly cases: readonly { readonly actions: readonly string[]; readonly requests: Readonly<Record<string, Expected>> }[];
}

const CASES = join(__dirname, 'cases');
const KEYS = { right: RIGHT_KEY, second: SECOND_KEY };
const VOCABULARY = { ...HEADERS, ...DEFAULT_KEY_REPORTED };

const files = readdirSync(CASES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => ({ name, file: JSON.parse(readFileSync(join(CASES, name), 'utf8')) as CaseFile }));

function statementsFor({ scheme, keys = [] }: CaseFile['requirement']) {
  const requirement = (keys.length > 0 ? { scheme, keyArns: keys.map((key) => KEYS[key]) } : { scheme }) as EncryptionRequirement;
  return bucketPolicyStatements(requirement, BUCKET_ARN);
}

function rowsOf({ cases }: CaseFile) {
  return cases.flatMap(({ actions, requests }) =>
    actions.flatMap((action) => Object.entries(requests).map(([headers, expected]) => ({ action, headers, expected }))),
  );
}

/** Every statement denies on its own, so a request over a refused transport is denied by that statement as well. */
function expectedDecision(expected: Expected, transportSids: readonly string[]) {
  const deniedBy = [...(expected === 'Allowed' ? [] : expected), ...transportSids].sort();
  return { result: deniedBy.length > 0 ? 'ExplicitlyDenied' : 'Allowed', deniedBy };
}

describe('the case files', () => {
  test('speak of every scheme', () => {
    expect(files.map(({ name }) => name)).toEqual([
      'client-side/bucket.json',
      'dsse-kms/one-key.json',
      'sse-c/bucket.json',
      'sse-kms/one-key.json',
      'sse-kms/two-keys.json',
      'sse-s3/bucket.json',
    ]);
  });

  test.each(files)('$name answers for every header on both ways to write, for re-keying and for reading', ({ file }) => {
    const rows = rowsOf(file);
    const headersOf = (action: string) => rows.filter((row) => row.action === action).map((row) => row.headers);
    expect(headersOf('s3:PutObject')).toEqual(expect.arrayContaining(Object.keys(HEADERS)));
    expect(headersOf('s3:ReplicateObject')).toEqual(headersOf('s3:PutObject'));
    // The call can name SSE-KMS and a key, nothing else; without any condition key filled it must fail closed.
    expect(headersOf('s3:UpdateObjectEncryption')).toEqual(expect.arrayContaining(['no header', 'aws:kms, right key', 'aws:kms, no key']));
    expect(headersOf('s3:GetObject')).toEqual(['no header']);
  });
});

describe.each(files)('the bucket policy for $name', ({ file }) => {
  const statements = statementsFor(file.requirement);
  const rows = rowsOf(file).flatMap((row) =>
    TRANSPORTS.map(([transport, secured, sids]) => ({ ...row, transport, secured, outcome: expectedDecision(row.expected, sids) })),
  );

  test.each(rows)('$action, $headers, $transport: $outcome.result $outcome.deniedBy', async ({ action, headers, secured, outcome }) => {
    const request = VOCABULARY[headers];
    if (request === undefined) throw new Error(`no such word: ${headers}`);
    expect(await simulate(statements, { action, context: { ...contextOf(request), ...secured } })).toEqual(outcome);
  });

  test.each(TRANSPORTS)('listing the bucket over %s', async (_, context, sids) => {
    expect(await simulate(statements, { action: 's3:ListBucket', resource: BUCKET_ARN, context })).toEqual(
      expectedDecision('Allowed', sids),
    );
  });

  test.each(TRANSPORTS)('a guest from another account, deleting over %s', async (_, context, sids) => {
    const decision = await simulate(statements, { action: 's3:DeleteObject', account: FOREIGN_ACCOUNT, context });
    expect(decision).toEqual(expectedDecision('Allowed', sids));
  });

  test('each write statement tests only condition keys that S3 fills for each of its actions', async () => {
    const written = statements.filter(({ Action }) => !Action.includes('s3:*'));
    const pairs = written.flatMap(({ Action, Condition = {} }) =>
      Action.flatMap((action) => Object.values(Condition).flatMap((block) => Object.keys(block).map((key) => ({ action, key })))),
    );
    // The simulator rejects a condition key that the Service Authorization Reference does not list for the action.
    const decisions = await Promise.all(pairs.map(({ action, key }) => simulate([], { action, context: { [key]: 'anything' } })));
    expect(decisions).toEqual(pairs.map(() => ({ result: 'Allowed', deniedBy: [] })));
  });

  test('says nothing about another bucket', async () => {
    const context = { ...contextOf({ algorithm: 'aws:fsx' }), 'aws:SecureTransport': 'false' };
    const decision = await simulate(statements, { action: 's3:PutObject', resource: `${BUCKET_ARN}-2/object`, context });
    expect(decision).toEqual({ result: 'Allowed', deniedBy: [] });
  });

  test('has no two statements of one name', () => {
    const sids = statements.map(({ Sid }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
  });
});

describe('the instrument', () => {
  test('refuses a request with a condition key that the action does not have', async () => {
    const context = { 's3:x-amz-server-side-encryption': 'aws:kms' };
    await expect(simulate([], { action: 's3:GetObject', context })).rejects.toThrow('s3:x-amz-server-side-encryption');
  });

  test('sees why IfExists is no way to spare uploads without header', async () => {
    const [statement] = statementsFor({ scheme: 'SSE-S3' });
    if (statement === undefined) throw new Error('no statement');
    const Condition = { StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption': 'AES256' } };
    const decision = await simulate([{ ...statement, Sid: 'Naive', Condition }], { action: 's3:PutObject', context: {} });
    expect(decision.deniedBy).toEqual(['Naive']);
  });
});
