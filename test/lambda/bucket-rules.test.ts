import { type ReadParameter, rulesForInvocation } from '../../lambda/shared/bucket-rules';
import { RetryableError, ThrottledError } from '../../lambda/shared/errors';
import { declare } from '../domain/sample-declarations';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321';
const RULE = JSON.stringify({ version: 2, action: 'tag', keys: [KEY], accept: [{ scheme: 'SSE-KMS', keys: [0] }], headersRequired: false });

function rulesFrom(read: ReadParameter) {
  const reads: string[] = [];
  const rules = rulesForInvocation((name, options) => {
    reads.push(`${name}${options.fresh ? ' anew' : ''}`);
    return read(name, options);
  }, '/guard/enforcer');
  return { rules, reads };
}

test('a rule is the parameter of the enforcer that has the name of the bucket', async () => {
  const { rules, reads } = rulesFrom(async () => RULE);
  await expect(rules.cached('data-bucket')).resolves.toEqual({
    action: 'tag',
    declaration: declare([{ scheme: 'SSE-KMS', keyArns: [KEY] }]),
  });
  expect(reads).toEqual(['/guard/enforcer/data-bucket']);
});

test('each bucket is read once cached and once anew, however often and at whatever time it is asked for', async () => {
  const { rules, reads } = rulesFrom(async () => RULE);
  const ask = () => ['a-bucket', 'b-bucket'].flatMap((bucket) => [rules.cached(bucket), rules.fresh(bucket)]);
  await Promise.all([...ask(), ...ask()]);
  await Promise.all(ask());
  expect(reads.sort()).toEqual([
    '/guard/enforcer/a-bucket',
    '/guard/enforcer/a-bucket anew',
    '/guard/enforcer/b-bucket',
    '/guard/enforcer/b-bucket anew',
  ]);
});

test('what was read cached is never given for what is asked anew', async () => {
  const strict = RULE.replace('tag', 'quarantine');
  const { rules } = rulesFrom(async (_, { fresh }) => (fresh ? strict : RULE));
  await expect(rules.cached('data-bucket')).resolves.toMatchObject({ action: 'tag' });
  await expect(rules.fresh('data-bucket')).resolves.toMatchObject({ action: 'quarantine' });
});

test('the next invocation reads again', async () => {
  const answers = [RULE, RULE.replace('tag', 'report')];
  const read: ReadParameter = async () => answers.shift();
  await expect(rulesForInvocation(read, '/p').cached('data-bucket')).resolves.toMatchObject({ action: 'tag' });
  await expect(rulesForInvocation(read, '/p').cached('data-bucket')).resolves.toMatchObject({ action: 'report' });
});

describe.each(['cached', 'fresh'] as const)('no verdict is possible on a %s rule', (kind) => {
  test.each<[string, ReadParameter, RegExp]>([
    ['that is not there', async () => undefined, /no such parameter/],
    ['that is empty', async () => '', /not JSON/],
    ['that is no JSON', async () => '{', /not JSON/],
    ['of a later version', async () => RULE.replace('"version":2', '"version":3'), /understands version 2/],
    ['with an unknown action', async () => RULE.replace('tag', 'shred'), /shred/],
    ['with an unknown scheme', async () => RULE.replace('SSE-KMS', 'SSE-X'), /SSE-X/],
    ['without its key', async () => RULE.replace(KEY, 'alias/data'), /full ARN/],
    [
      'that SSM does not give',
      async () => {
        throw new Error('ThrottlingException: Rate exceeded');
      },
      /Rate exceeded/,
    ],
  ])('%s; the error names the parameter and can be tried again', async (_, read, why) => {
    const failure = rulesFrom(read).rules[kind]('data-bucket');
    await expect(failure).rejects.toThrow(RetryableError);
    await expect(failure).rejects.toThrow('/guard/enforcer/data-bucket');
    await expect(failure).rejects.toThrow(why);
  });
});

test('a bucket without a rule does not keep its neighbours from theirs', async () => {
  const { rules } = rulesFrom(async (name) => (name.endsWith('/b-bucket') ? RULE : undefined));
  const [a, b] = await Promise.allSettled([rules.cached('a-bucket'), rules.cached('b-bucket')]);
  expect([a.status, b.status]).toEqual(['rejected', 'fulfilled']);
});

describe('a rule that SSM throttles', () => {
  const named = (name: string) => Object.assign(new Error('Rate exceeded'), { name });

  test.each<[string, Error, boolean]>([
    ['as the SDK says it', named('ThrottlingException'), true],
    ['as Powertools wraps it', new Error('Rate exceeded', { cause: named('ThrottlingException') }), true],
    ['under another name', named('RequestLimitExceeded'), true],
    ['not at all, but refuses', named('AccessDeniedException'), false],
    ['not at all, but cannot find', new Error('no', { cause: named('ParameterNotFound') }), false],
  ])('%s', async (_, error, isThrottled) => {
    const read: ReadParameter = async () => {
      throw error;
    };
    const failure = await rulesFrom(read)
      .rules.cached('data-bucket')
      .catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(RetryableError);
    expect(failure instanceof ThrottledError).toBe(isThrottled);
  });
});
