import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../lambda/quarantine-release/config';
import { parseRequest } from '../../lambda/quarantine-release/parse-request';
import { processRequest } from '../../lambda/quarantine-release/process-request';
import { BUCKET, CONFIG, QUARANTINE } from '../support/lambda-enforcer-world';
import { ask, KEY, quarantined, REQUEST, receiptIn, releaseWorld } from '../support/release-world';

const RECEIPT = `s3://${QUARANTINE}/receipts/data-bucket/a/v1.json`;
const parse = (request: object) => parseRequest({ ...REQUEST, receipt: RECEIPT, ...request }, QUARANTINE);

test('what is not said is a dry run, and overwrites nothing', () => {
  const { action, reason, requestedBy } = REQUEST;
  expect(parseRequest({ action, reason, requestedBy, receipt: RECEIPT }, QUARANTINE)).toEqual({
    ...{ action, reason, requestedBy, dryRun: true, overwrite: false },
    receipts: [{ receiptKey: 'receipts/data-bucket/a/v1.json' }],
  });
});

test('the request of the runbook is understood', () => {
  const runbook = readFileSync(join(__dirname, '../../docs/operator-runbook.md'), 'utf8');
  const [, json = ''] = /into a file `request\.json`:\n\n *```json\n(.*?)\n *```/s.exec(runbook) ?? [];
  expect(parseRequest(JSON.parse(json), 'QUARANTINE')).toMatchObject({
    ...{ action: 'release', dryRun: true, overwrite: false },
    receipts: [{ receiptKey: 'receipts/BUCKET/KEY/VERSION.json', copyKey: 'objects/BUCKET/KEY/VERSION' }],
  });
});

test.each<[string, object, string]>([
  ['no action', { action: undefined }, 'action is missing'],
  ['another action', { action: 'delete' }, 'use one of release, discard'],
  ['no receipt', { receipt: undefined }, 'name the location of a copy, its receipt or its object'],
  ['nothing to release', { receipt: [] }, 'a list of 1 to 100'],
  ['too much', { receipt: Array(101).fill(RECEIPT) }, 'a list of 1 to 100'],
  ['another bucket', { receipt: 's3://elsewhere/receipts/a.json' }, `the quarantine s3://${QUARANTINE}/ only`],
  ['something else in quarantine', { receipt: `s3://${QUARANTINE}/refusals/a.json` }, 'receipts/ or objects/'],
  ['an origin without its version', { receipt: { bucket: BUCKET, key: 'a' } }, 'name the versionId'],
  ['an origin by the id of a null version', { receipt: { bucket: BUCKET, key: 'a', versionId: 'null' } }, 'the etag of one that had none'],
  ['an origin with both', { receipt: { bucket: BUCKET, key: 'a', versionId: 'v', etag: 'e' } }, 'name the versionId'],
  ['an origin with more', { receipt: { bucket: BUCKET, key: 'a', versionId: 'v', to: 'b' } }, 'fields that this function does not know'],
  ['no reason', { reason: ' ' }, 'say why'],
  ['a reason that is none', { reason: 7 }, 'say why'],
  ['a novel', { reason: 'x'.repeat(1001) }, '1000 characters'],
  ['nobody who asks', { requestedBy: undefined }, 'say who'],
  ['a dry run in words', { dryRun: 'false' }, 'must be true or false'],
  ['to overwrite in words', { overwrite: 'yes' }, 'must be true or false'],
  ['a discard that overwrites', { action: 'discard', overwrite: true }, 'only a release'],
  ['what is not known', { force: true }, 'fields that this function does not know'],
])('a request that says %s is refused as a whole', (_, request, why) => {
  expect(() => parse(request)).toThrow(/^request: /);
  expect(() => parse(request)).toThrow(why);
});

test.each([undefined, null, 'release', []])('a request that is none is refused: %j', (payload) => {
  expect(() => parseRequest(payload, QUARANTINE)).toThrow('request: payload is ');
});

describe.each(['enabled', 'never'] as const)('an object is named (versioning %s) by', (versioning) => {
  test('its receipt, its copy, or itself', async () => {
    const made = await releaseWorld([{ body: 'secret' }], { versioning });
    const { copy, origin } = receiptIn(made);
    const { bucket, key, versionId, etag } = origin;
    const itself = { bucket, key, ...(versionId === undefined ? { etag } : { versionId }) };
    for (const receipt of [`s3://${QUARANTINE}/${made.receiptKey()}`, `s3://${QUARANTINE}/${copy.key}`, itself]) {
      await expect(ask(made, { receipt, dryRun: true })).resolves.toMatchObject({ status: 'would-release' });
    }
  });
});

test('a copy of which a later one of the same bytes has taken the receipt is not taken for that', async () => {
  const made = await releaseWorld([{ body: 'secret' }], { versioning: 'never' });
  const { copy } = receiptIn(made);
  await quarantined(made, { body: 'secret', lastModified: new Date('2026-11-12T10:30:00Z') });
  const result = await ask(made, { receipt: `s3://${QUARANTINE}/${copy.key}` });
  expect(result).toMatchObject({ status: 'refused', why: expect.stringContaining('a later object of the same content') });
});

test('of several, each has its own result, and one that is not there does not stop the others', async () => {
  const made = await releaseWorld([{ body: 'secret' }]);
  const receipt = [{ bucket: BUCKET, key: KEY, versionId: 'none' }, `s3://${QUARANTINE}/${made.receiptKey()}`];
  const answer = await processRequest({ ...REQUEST, receipt }, made.release);
  expect(answer).toMatchObject({ action: 'release', dryRun: false });
  expect(answer.results.map(({ status, why }) => [status, why])).toEqual([
    ['refused', 'there is no such receipt'],
    ['released', undefined],
  ]);
});

test('what there is no time for is not begun', async () => {
  const made = await releaseWorld([{ body: 'secret' }]);
  await expect(ask(made, {}, { remainingMillis: () => 20_000 })).resolves.toMatchObject({ status: 'unfinished' });
});

test('each request is logged, with who asked, why, and what came of it', async () => {
  const made = await releaseWorld([{ body: 'secret' }]);
  await ask(made, { dryRun: true });
  const line = { action: 'release', dryRun: true, requestedBy: 'Ada', requestReason: 'false alarm', status: 'would-release' };
  expect(made.reports.logs.at(-1)).toMatchObject(line);
});

test('a variable that is missing fails the cold start, by its name', () => {
  const env = { ENFORCER_NAME: 'e', RULE_PARAMETER_PREFIX: '/r', QUARANTINE_BUCKET: 'q' };
  expect(() => loadConfig(env)).toThrow('missing or unusable: QUARANTINE_KEY_ARN.');
  const { enforcerName, rulePrefix, quarantine } = CONFIG;
  const whole = { ENFORCER_NAME: enforcerName, RULE_PARAMETER_PREFIX: rulePrefix };
  expect(loadConfig({ ...whole, QUARANTINE_BUCKET: quarantine.bucket, QUARANTINE_KEY_ARN: quarantine.keyArn })).toEqual({
    ...{ enforcerName, rulePrefix, quarantine },
  });
});
