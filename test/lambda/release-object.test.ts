import { rulesForInvocation } from '../../lambda/shared/bucket-rules';
import { RetryableError } from '../../lambda/shared/errors';
import { declare } from '../domain/sample-declarations';
import type { Versioning } from '../support/in-memory-object-store';
import { BUCKET, QUARANTINE, REQUIRE_KMS, rulesThatSay, SSE_C, SSE_KMS, SSE_S3 } from '../support/lambda-enforcer-world';
import { failing, intercepted, watched } from '../support/lambda-intercepted-store';
import { ask, currentIn, KEY, LATER, quarantined, receiptIn, recordIn, releaseWorld } from '../support/release-world';

const WRONG = { body: 'secret', encryption: SSE_S3, metadata: { team: 'blue' }, tags: { project: 'x' }, annotations: ['summary'] };
const EARLIER = new Date('2026-11-12T09:58:00Z');
const minutesLater = (minutes: number) => () => new Date(Date.parse(LATER) + minutes * 60_000);

test.each<Versioning>(['enabled', 'suspended', 'never'])(
  'what is released lies under its old key, as required, with all that described it (versioning %s)',
  async (versioning) => {
    const made = await releaseWorld([WRONG], { versioning });
    expect(currentIn(made)?.body ?? '').toBe('');
    const result = await ask(made);
    const { body, metadata, tags, annotations } = WRONG;
    expect(currentIn(made)).toMatchObject({ body, metadata, tags, annotations, encryption: SSE_KMS });
    const onTopOf = versioning === 'suspended' ? expect.stringMatching(/^the delete marker null of/) : 'nothing';
    expect(result).toMatchObject({ status: 'released', object: `s3://${BUCKET}/${KEY}`, onTopOf });
    expect(result.versionId).toBe(versioning === 'never' ? undefined : currentIn(made)?.versionId);
  },
);

test('it is recorded, told and counted: who, why, when, and which version', async () => {
  const made = await releaseWorld([WRONG]);
  await ask(made);
  const { versionId } = currentIn(made) ?? {};
  const { origin, copy } = receiptIn(made);
  expect(recordIn(made)).toMatchObject({
    ...{ version: 1, action: 'release', state: 'done', origin, copy, reason: 'false alarm', requestedBy: 'Ada', requestId: 'request-1' },
    ...{ doneAt: LATER, releasedVersionId: versionId, encryption: expect.stringMatching(/^SSE-KMS under arn:/) },
  });
  const told = {
    outcome: 'released',
    bucket: BUCKET,
    key: KEY,
    versionId: origin.versionId,
    releasedVersionId: versionId,
    requestedBy: 'Ada',
  };
  expect(made.events).toEqual([expect.objectContaining({ ...told, why: 'false alarm', reason: 'wrong-scheme' })]);
  expect(made.reports.logs).toContainEqual(expect.objectContaining(told));
  expect(made.measured).toEqual([`ReleasedObjects ${BUCKET}`]);
});

test('the copy in quarantine stays', async () => {
  const made = await releaseWorld([WRONG]);
  const { key, versionId } = receiptIn(made).copy;
  await ask(made);
  expect(made.store.versionsOf(QUARANTINE, key)).toEqual([expect.objectContaining({ versionId, body: 'secret' })]);
});

test('our tag stays behind', async () => {
  const made = await releaseWorld([{ ...WRONG, tags: { project: 'x', 's3-encryption-guard:violation': 'wrong-scheme' } }]);
  await ask(made);
  expect(currentIn(made)?.tags).toEqual({ project: 'x' });
});

test('storage class and redirect are those of the original', async () => {
  const notCopied = { storageClass: 'STANDARD_IA', websiteRedirectLocation: '/elsewhere' };
  const made = await releaseWorld([{ ...WRONG, notCopied }]);
  await ask(made);
  expect(currentIn(made)?.notCopied).toEqual(notCopied);
});

describe('a dry run, which is the default', () => {
  test('says what would be done, and touches nothing', async () => {
    const made = await releaseWorld([{ ...WRONG, lastModified: EARLIER, encryption: SSE_KMS }, WRONG]);
    const { store, calls } = watched(made.store);
    const keys = made.store.keysOf(QUARANTINE);
    const result = await ask(made, { dryRun: undefined }, { store });
    expect(result).toMatchObject({ status: 'would-release', encryption: expect.stringMatching(/^SSE-KMS under/) });
    expect(result.onTopOf).toContain(EARLIER.toISOString());
    expect(result.copy).toMatch(/stays until its retention ends/);
    const reads = ['head', 'headWithChecksum', 'tags', 'readDocument'];
    expect(calls.filter(({ operation }) => !reads.includes(operation))).toEqual([]);
    expect(made.store.keysOf(QUARANTINE)).toEqual(keys);
    expect(made.events).toEqual([]);
  });

  test('refuses what the real run would', async () => {
    const made = await releaseWorld([WRONG]);
    made.store.put(BUCKET, KEY, { body: 'newer', encryption: SSE_KMS });
    const dry = await ask(made, { dryRun: true });
    expect(dry).toMatchObject({ status: 'refused', why: expect.stringContaining('newer') });
    expect(await ask(made)).toEqual(dry);
  });
});

describe('released again, it is', () => {
  test('said to be released, with where, and nothing is done', async () => {
    const made = await releaseWorld([WRONG]);
    const first = await ask(made);
    const again = await ask(made, { overwrite: true });
    expect(again).toMatchObject({ status: 'already-released', versionId: first.versionId, object: first.object });
    expect(made.store.versionsOf(BUCKET, KEY).filter(({ body }) => body === 'secret')).toHaveLength(1);
    expect(made.events).toHaveLength(1);
  });

  test('said to have been deleted since, if it was', async () => {
    const made = await releaseWorld([WRONG]);
    const { versionId = '' } = await ask(made);
    await made.store.deleteVersion({ bucket: BUCKET, key: KEY, versionId });
    await expect(ask(made)).resolves.toMatchObject({ status: 'already-released', why: expect.stringContaining('deleted since') });
  });

  test('put back anew, where the same bytes were written, and quarantined, once more', async () => {
    const made = await releaseWorld([WRONG], { versioning: 'never' });
    await ask(made);
    await quarantined(made, { ...WRONG, lastModified: new Date(LATER) });
    await expect(ask(made)).resolves.toMatchObject({ status: 'released' });
  });
});

describe('a try that died', () => {
  test.each(['copyAs', 'headWithChecksum'] as const)(
    'after %s is finished by the next, and nothing is put back twice',
    async (operation) => {
      const made = await releaseWorld([WRONG]);
      let copies = 0;
      const store = intercepted(made.store, async (call, perform) => {
        const answer = await perform();
        if (call.operation === 'copyAs') copies += 1;
        if (call.operation === operation && copies > 0) throw new RetryableError('the answer is lost');
        return answer;
      });
      await expect(ask(made, {}, { store })).resolves.toMatchObject({ status: 'failed', why: expect.stringContaining('invoke again') });
      await expect(ask(made)).resolves.toMatchObject({ status: 'busy' });
      await expect(ask(made, {}, { now: minutesLater(3) })).resolves.toMatchObject({ status: 'released' });
      expect(made.store.versionsOf(BUCKET, KEY).filter(({ body }) => body === 'secret')).toHaveLength(1);
      expect(made.events).toHaveLength(1);
    },
  );

  test('before its event could be sent says it in the next', async () => {
    const made = await releaseWorld([WRONG]);
    const announce = () => Promise.reject(new RetryableError('EventBridge is away'));
    await expect(ask(made, {}, { announce })).resolves.toMatchObject({ status: 'failed' });
    await expect(ask(made, {}, { now: minutesLater(3) })).resolves.toMatchObject({ status: 'released' });
    expect(made.events).toHaveLength(1);
    expect(recordIn(made)?.state).toBe('done');
  });

  test('does not make the same content of somebody else its own', async () => {
    const made = await releaseWorld([WRONG]);
    const store = intercepted(made.store, failing([{ call: 0, when: 'before' }]));
    await expect(ask(made, {}, { store })).resolves.toMatchObject({ status: 'failed' });
    made.store.put(BUCKET, KEY, { body: 'secret', encryption: SSE_KMS });
    await expect(ask(made)).resolves.toMatchObject({ status: 'refused' });
  });
});

test('of two at once, one releases, and the other says so', async () => {
  const made = await releaseWorld([WRONG]);
  const results = await Promise.all([ask(made, {}, { requestId: 'one' }), ask(made, {}, { requestId: 'two' })]);
  expect(results.map(({ status }) => status).sort()).toEqual(['busy', 'released']);
  expect(made.store.versionsOf(BUCKET, KEY).filter(({ body }) => body === 'secret')).toHaveLength(1);
});

describe('the requirement of now', () => {
  test('is that of a bucket which is enforced: where it is no more, the release is refused, and says what to do', async () => {
    const made = await releaseWorld([WRONG]);
    const rules = rulesForInvocation(async () => undefined, '/s3-encryption-guard/enforcer');
    const why = expect.stringMatching(/no such parameter.*enforce\(\) it, REPORT is enough/);
    await expect(ask(made, {}, { rules })).resolves.toMatchObject({ status: 'refused', why });
    await expect(ask(made, { action: 'discard' }, { rules })).resolves.toMatchObject({ status: 'discarded' });
  });

  const sseC = { ...REQUIRE_KMS, declaration: declare([{ scheme: 'SSE-C' }]) };

  test('decides the encryption, not that of then', async () => {
    const made = await releaseWorld([{ ...WRONG, encryption: SSE_C }, WRONG]);
    const rule = { ...REQUIRE_KMS, declaration: declare([{ scheme: 'SSE-S3' }]) };
    await expect(ask(made, { overwrite: true }, { rules: rulesThatSay(REQUIRE_KMS, rule) })).resolves.toMatchObject({
      encryption: 'SSE-S3',
    });
    expect(currentIn(made)?.encryption).toEqual(SSE_S3);
  });

  test('keeps in quarantine what no copy can become', async () => {
    const made = await releaseWorld([WRONG]);
    const result = await ask(made, {}, { rules: rulesThatSay(sseC) });
    expect(result).toMatchObject({ status: 'refused', why: expect.stringContaining('alsoAccept()') });
    expect(currentIn(made)).toBeUndefined();
  });

  test('may be exempt', async () => {
    const made = await releaseWorld([WRONG]);
    const exemptions = [{ prefix: 'reports/', principalArns: [], until: '2026-12-01T00:00:00Z', reason: 'migration' }];
    const rule = { ...sseC, declaration: { ...sseC.declaration, exemptions } };
    const result = await ask(made, { dryRun: true }, { rules: rulesThatSay(rule) });
    expect(result.encryption).toBe('SSE-S3, spared until 2026-12-01T00:00:00Z: migration');
    await expect(ask(made, {}, { rules: rulesThatSay(rule) })).resolves.toMatchObject({ status: 'released', encryption: 'SSE-S3' });
    expect(made.events).toEqual([expect.objectContaining({ exemption: 'migration', exemptUntil: '2026-12-01T00:00:00Z' })]);
    expect(recordIn(made)?.exemption).toMatchObject({ until: '2026-12-01T00:00:00Z' });
  });

  test('where it is met, says nothing of an exemption', async () => {
    const made = await releaseWorld([WRONG]);
    await ask(made);
    expect(made.events.flatMap((event) => Object.keys(event))).not.toContain('exemptUntil');
  });
});

test('what S3 made of the copy is looked at before anything is said', async () => {
  const made = await releaseWorld([WRONG]);
  const store = intercepted(made.store, async ({ operation, args }, perform) => {
    const answer = await perform();
    if (operation !== 'headWithChecksum' || (args[0] as { bucket: string }).bucket !== BUCKET) return answer;
    return { status: 'found', head: { ...(answer as { head: object }).head, encryption: SSE_S3 } } as typeof answer;
  });
  await expect(ask(made, {}, { store })).resolves.toMatchObject({ status: 'failed', why: expect.stringContaining('not confirmed') });
  expect(made.events).toEqual([]);
  expect(recordIn(made)?.state).toBe('begun');
});
