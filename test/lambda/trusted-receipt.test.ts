import { QUARANTINE } from '../support/lambda-enforcer-world';
import { ask, currentIn, quarantined, receiptIn, releaseWorld } from '../support/release-world';

/** As the enforcer wrote it, but for one thing. */
async function forged(change: (receipt: ReturnType<typeof mutable>) => void): Promise<unknown> {
  const made = await releaseWorld([{ body: 'secret' }]);
  const receipt = mutable(receiptIn(made));
  change(receipt);
  made.store.put(QUARANTINE, made.receiptKey(), { body: JSON.stringify(receipt) });
  const result = await ask(made, { overwrite: true });
  expect(currentIn(made)).toBeUndefined();
  return result;
}

// biome-ignore lint/suspicious/noExplicitAny: a forger is bound by no type
const mutable = (receipt: object): any => JSON.parse(JSON.stringify(receipt));

type Change = (receipt: ReturnType<typeof mutable>) => void;

test.each<[string, Change, string]>([
  ['another version', (receipt) => Object.assign(receipt, { version: 2 }), 'version is 2'],
  ['a field that is not known', (receipt) => Object.assign(receipt, { alsoTo: 'a-bucket' }), 'alsoTo'],
  ['another enforcer', (receipt) => Object.assign(receipt, { enforcer: 'Other' }), 'enforcer is "Other"'],
  [
    'another bucket to go to',
    (receipt) => Object.assign(receipt.origin, { bucket: 'elsewhere' }),
    'its receipt lies at receipts/elsewhere/',
  ],
  [
    'another key to go to',
    (receipt) => Object.assign(receipt.origin, { key: 'elsewhere' }),
    'its receipt lies at receipts/data-bucket/elsewhere/',
  ],
  ['another version that it was', (receipt) => Object.assign(receipt.origin, { versionId: 'v' }), 'its receipt lies at'],
  ['a copy in another bucket', (receipt) => Object.assign(receipt.copy, { bucket: 'data-bucket' }), 'copy.bucket is "data-bucket"'],
  ['the copy of another object', (receipt) => Object.assign(receipt.copy, { key: 'objects/data-bucket/other/v' }), 'copy.key is'],
  ['no copy in particular', (receipt) => Object.assign(receipt.copy, { versionId: 'null' }), 'copy.versionId is "null"'],
  ['another size', (receipt) => Object.assign(receipt.origin, { size: 7 }), 'its receipt says 7'],
  ['a size that is none', (receipt) => Object.assign(receipt.origin, { size: -1 }), 'origin.size is -1'],
  ['no date', (receipt) => Object.assign(receipt.origin, { lastModified: 'yesterday' }), 'origin.lastModified is "yesterday"'],
  ['no violation', (receipt) => Object.assign(receipt.violation, { compliant: true }), 'violation.compliant is true'],
  ['a reason that is none', (receipt) => Object.assign(receipt.violation, { reason: 'why not' }), 'violation.reason is "why not"'],
  ['a class that is none', (receipt) => Object.assign(receipt.origin, { notCopied: { storageClass: 1 } }), 'storageClass is 1'],
])('a receipt that says %s is refused', async (_, change, why) => {
  await expect(forged(change)).resolves.toMatchObject({ status: 'refused', why: expect.stringContaining(why) });
});

test.each(['', '{', 'null', '[]', '"receipt"'])('a receipt that is none is refused: %j', async (body) => {
  const made = await releaseWorld([{ body: 'secret' }]);
  made.store.put(QUARANTINE, made.receiptKey(), { body });
  await expect(ask(made)).resolves.toMatchObject({ status: 'refused', why: expect.stringMatching(/^receipt: document is /) });
});

test('the receipt of one object at the place of another is refused', async () => {
  const made = await releaseWorld([{ body: 'secret' }]);
  const receipt = JSON.stringify(receiptIn(made));
  const elsewhere = made.receiptKey().replace('2026.csv', '2027.csv');
  made.store.put(QUARANTINE, elsewhere, { body: receipt });
  const result = await ask(made, { receipt: `s3://${QUARANTINE}/${elsewhere}` });
  expect(result).toMatchObject({ status: 'refused', why: expect.stringContaining('not at receipts/data-bucket/reports/2027.csv/') });
});

test('the receipt of a version whose key is too long to be part of its place is trusted as well', async () => {
  const made = await releaseWorld([]);
  const key = `${'long/'.repeat(200)}ü`;
  await quarantined(made, { body: 'secret' }, key);
  await expect(ask(made)).resolves.toMatchObject({ status: 'released', object: `s3://data-bucket/${key}` });
});

test('the receipt of what was moved after a copy took its place is trusted as any other', async () => {
  const made = await releaseWorld([{ body: 'secret' }]);
  const receipt = { ...receiptIn(made), requested: 'reencrypt', encryptedAs: 'SSE-S3', replacedBy: 'v2', reducedBecause: 'no such key' };
  made.store.put(QUARANTINE, made.receiptKey(), { body: JSON.stringify(receipt) });
  await expect(ask(made)).resolves.toMatchObject({ status: 'released' });
  expect(made.events).toEqual([expect.objectContaining({ outcome: 'released', requested: 'reencrypt' })]);
});
