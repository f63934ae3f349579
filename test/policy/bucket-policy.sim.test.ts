import { type Case, meaningOf, readCases } from '../support/policy-cases';
import { HEADERS, STORING } from '../support/policy-requests';
import { BUCKET_ARN, simulate } from '../support/policy-simulator';

const CASES = readCases();
const SCHEMES = ['client-side', 'dsse-kms', 'sse-c', 'sse-kms', 'sse-s3'];
const count = CASES.reduce((sum, { cells }) => sum + cells.length, 0);

afterAll(() => process.stderr.write(`Policy truth table: ${count} cells in ${CASES.length} files.\n`));

describe('the truth table', () => {
  test.each(SCHEMES)('speaks of %s in both strengths, with every header on every write and re-keying', (scheme) => {
    const files = CASES.filter(({ name }) => name.startsWith(`${scheme}/`));
    expect(new Set(files.map(({ bucket }) => bucket.strict ?? false))).toEqual(new Set([false, true]));
    for (const file of files) {
      expect(wordsOf(file, 's3:PutObject')).toEqual(expect.arrayContaining(Object.keys(HEADERS)));
      expect(wordsOf(file, 's3:ReplicateObject')).toEqual(expect.arrayContaining(Object.keys(HEADERS)));
      // The call can name SSE-KMS and a key, nothing else; without any condition key filled it must fail closed.
      expect(wordsOf(file, 's3:UpdateObjectEncryption')).toEqual(
        expect.arrayContaining(['no header', 'aws:kms, right key', 'aws:kms, no key']),
      );
    }
  });

  test.each(['archive/messages.json', 'archive/instruction-files.json'])('decides on every storage class there is: %s', (name) => {
    const words = CASES.filter((each) => each.name === name).flatMap((file) => wordsOf(file, 's3:PutObject'));
    expect(Object.keys(STORING).length).toBeGreaterThan(10);
    expect(words).toEqual(expect.arrayContaining(Object.keys(STORING)));
  });

  test('asks nothing twice', () => {
    for (const { name, cells } of CASES) {
      const titles = cells.map(({ title }) => title);
      expect({ name, repeated: titles.filter((title, position) => titles.indexOf(title) !== position) }).toEqual({ name, repeated: [] });
    }
    expect(count).toBeGreaterThan(600);
  });
});

describe.each(CASES)('the bucket policy for $name', ({ statements, cells }) => {
  test.each(cells)('$title: $answer', async ({ request, answer }) => {
    const { result, deniedBy } = await simulate(statements, request);
    const expected = answer === 'Allowed' ? { result: 'Allowed', by: [] } : { result: 'ExplicitlyDenied', by: [...answer].sort() };
    expect({ result, by: deniedBy.map(meaningOf).sort() }).toEqual(expected);
  });

  test('each statement tests only condition keys that S3 fills for each of its actions', async () => {
    const pairs = statements
      .filter(({ Action }) => Action !== 's3:*')
      .flatMap(({ Action, Condition = {} }) => {
        const keys = Object.values(Condition).flatMap((block) => Object.keys(block));
        return [Action].flat().flatMap((action) => keys.map((key) => ({ action, key })));
      });
    // The simulator rejects a condition key that the Service Authorization Reference does not list for the action.
    for (const { action, key } of pairs) {
      const onBucket = /Bucket|Configuration$/.test(action);
      const request = { action, context: { [key]: 'anything' }, ...(onBucket && { resource: BUCKET_ARN }) };
      expect((await simulate([], request)).result).toBe('Allowed');
    }
  });

  test('says nothing about another bucket', async () => {
    const context = { 's3:x-amz-server-side-encryption': 'aws:fsx', 'aws:SecureTransport': 'false' };
    // `NotResource` does, but of a bucket policy S3 asks only about its own bucket.
    const said = statements.filter(({ NotResource }) => NotResource === undefined);
    const decision = await simulate(said, { action: 's3:PutObject', resource: `${BUCKET_ARN}-2/object`, context });
    expect(decision).toEqual({ result: 'Allowed', deniedBy: [] });
  });

  test('has no two statements of one name', () => {
    const sids = statements.map(({ Sid }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
  });
});

describe('the instrument', () => {
  const deny = { Sid: 'Denied', Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:PutObject', Resource: `${BUCKET_ARN}/*` };
  const put = { action: 's3:PutObject', context: {} };

  test('refuses a request with a condition key that the action does not have', async () => {
    const context = { 's3:x-amz-server-side-encryption': 'aws:kms' };
    await expect(simulate([], { action: 's3:GetObject', context })).rejects.toThrow('s3:x-amz-server-side-encryption');
  });

  test('knows that the storage class of a replica is no condition key: nothing here can deny it', async () => {
    const context = { 's3:x-amz-storage-class': 'GLACIER' };
    await expect(simulate([], { action: 's3:ReplicateObject', context })).rejects.toThrow('s3:x-amz-storage-class');
    expect((await simulate([], { ...put, context })).result).toBe('Allowed');
  });

  test('sees why IfExists is no way to spare uploads without header', async () => {
    const Condition = { StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption': 'AES256' } };
    expect((await simulate([{ ...deny, Condition }], put)).deniedBy).toEqual(['Denied']);
  });

  // biome-ignore lint/suspicious/noTemplateCurlyInString: as in a policy
  test.each(['a${*}b', 'a${?}b'])('reads %s as a character of its own, not as a pattern', async (pattern) => {
    const denied = async (key: string, Resource: string) =>
      (await simulate([{ ...deny, Resource: `${BUCKET_ARN}/${Resource}` }], { ...put, resource: `${BUCKET_ARN}/${key}` })).deniedBy;
    const literal = pattern.replace(/[${}]/g, '');
    await expect(denied('aXb', literal)).resolves.toEqual(['Denied']);
    await expect(denied('aXb', pattern)).resolves.toEqual([]);
    await expect(denied(literal, pattern)).resolves.toEqual(['Denied']);
  });
});

function wordsOf({ cells }: Case, operation: string): string[] {
  return cells.filter((cell) => cell.operation === operation).map(({ words }) => words);
}
