import { type Cell, readCases } from '../support/policy-cases';
import { simulate } from '../support/policy-simulator';
import baselines from './baselines/published-denies.json';

/**
 * The denies that AWS publishes, as they stand there but for the names of bucket and key. Each of what they deny, service principals
 * aside, we deny in strict mode. They say `s3:PutObject` only; replicas and re-keying are ours to add.
 */
const CASES = readCases();

/** What an ARN operator makes of an alias or a bare id is not documented. We deny these wherever it is them that S3 compares. */
const isDecided = ({ words, answer }: Cell) => answer === 'Allowed' || !/alias|bare id/.test(words);

describe.each(baselines)('what AWS publishes for $title', ({ statement, files }) => {
  test.each(files)('denies nothing that the policy for %s allows', async (name) => {
    const file = CASES.find((each) => each.name === name);
    if (file === undefined) throw new Error(`no such case file: ${name}`);
    const cells = file.cells.filter(({ request }) => request.requester?.context['aws:PrincipalIsAWSService'] !== 'true');
    const results = await Promise.all(
      cells.filter(isDecided).map(async ({ title, request, answer }) => ({ title, answer, ...(await simulate([statement], request)) })),
    );
    const denied = results.filter(({ result }) => result === 'ExplicitlyDenied');
    expect(denied.filter(({ answer }) => answer === 'Allowed')).toEqual([]);
    // Not vacuous.
    expect(denied.length).toBeGreaterThan(0);
  });
});

test("log delivery, which names no encryption, is let through where AWS's own example locks it out", async () => {
  const strict = CASES.find(({ name }) => name === 'sse-s3/strict.json');
  const delivery = strict?.cells.find(({ title }) => title.startsWith('s3:PutObject, AWS service') && title.includes('no header'));
  const published = baselines.find(({ title }) => title === 'SSE-S3 for all uploads');
  if (delivery === undefined || published === undefined) throw new Error('nothing to compare');
  expect((await simulate([published.statement], delivery.request)).result).toBe('ExplicitlyDenied');
  expect(delivery.answer).toBe('Allowed');
});
