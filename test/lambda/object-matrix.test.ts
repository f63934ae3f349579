import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ACTIONS, type Action } from '../../lib/domain/action';
import { QUARANTINE_KEY, REQUIRED_KEY, SSE_KMS } from '../support/lambda-enforcer-world';
import { type Cell, cells, chains, kinds, refusalsOf, saying } from '../support/object-matrix-cells';
import { type KindOfObject, type Walked, walk } from '../support/object-matrix-walk';

const TAG = 's3-encryption-guard:violation';
const METRIC_OF: Readonly<Record<string, string>> = {
  reported: 'ReportedObjects',
  tagged: 'TaggedObjects',
  quarantined: 'QuarantinedObjects',
  're-encrypted': 'ReencryptedObjects',
};

describe('what becomes of an object:', () => {
  test.each(cells)('$name', async ({ action, cell, ...kind }) => {
    const { object } = kind;
    const walked = await walk(object, refusalsOf(kind), action);
    expect(whatBecame(walked, object)).toEqual({ ...DONE_NOTHING, ...ofEnforcer(cell) });
    expect(walked.store.multipart.openUploads).toBe(0);
    if (cell.outcome === 'not verified') expectNotVerified(walked, cell);
    else expectReported(walked, action, cell);
    if (cell.copy) expectWholeCopy(walked);
    if (cell.mended !== undefined) expectMended(walked);
    if (cell.original === 'stays') expectUntouched(walked, cell);
  });
});

function expectUntouched({ original, uploaded: { encryption, tags, ...uploaded } }: Walked, { mended }: Cell): void {
  expect(original).toMatchObject({ ...uploaded, tags: expect.objectContaining(tags) });
  expect(original?.encryption).toEqual(mended === 'in place' ? SSE_KMS : encryption);
}

/** It has all that it had, and its ending says how it is encrypted now. */
function expectMended({ mended, uploaded: { body, tags, annotations }, reports }: Walked): void {
  expect(mended).toMatchObject({ body, tags, annotations });
  const encryptedAs = mended?.encryption.SSEKMSKeyId === REQUIRED_KEY ? `SSE-KMS under ${REQUIRED_KEY}` : 'SSE-S3';
  expect(reports.announced).toEqual([expect.objectContaining({ encryptedAs })]);
}

const DONE_NOTHING = { mended: undefined, copy: false, tag: false, uncovers: false, annotations: undefined, alarm: undefined };

/** Its reasons, and the way out of quarantine, are looked at apart. */
function ofEnforcer({ because, release, discard, ...cell }: Cell) {
  return cell;
}

/** From the objects that are there, the log and the metrics. */
function whatBecame({ original, mended, isHidden, copies, receipts, reports, failures }: Walked, { annotations }: KindOfObject) {
  const logged = reports.logs.filter((fields) => 'outcome' in fields);
  const [{ outcome, uncovered } = { outcome: 'not verified', uncovered: undefined }] = logged;
  const hasAlarm = reports.counts.some((count) => count.startsWith('ReducedActions'));
  expect(copies.length).toBe(receipts.length);
  return {
    outcome,
    original: original === undefined ? 'gone' : isHidden ? 'hidden' : 'stays',
    mended: mended && (mended.etag === original?.etag ? 'in place' : 'by a copy'),
    copy: copies.length === 1,
    tag: original?.tags[TAG] !== undefined,
    annotations: annotations && copies[0] !== undefined ? (copies[0].annotations.length > 0 ? 'copied' : 'lost') : undefined,
    uncovers: uncovered !== undefined,
    alarm: failures > 0 ? 'dead letters' : hasAlarm ? 'ReducedActions' : undefined,
  };
}

function expectNotVerified({ reports }: Walked, { because = [] }: Cell): void {
  expect(reports.errors).toEqual([expect.objectContaining({ error: expect.objectContaining({ message: saying(because) }) })]);
  expect([...reports.logs, ...reports.announced, ...reports.counts]).toEqual([]);
}

/** Once in the log, once as an event, and in its metric; and where less was done than configured, everywhere why. */
function expectReported({ reports, copies }: Walked, action: Action, { outcome, because }: Cell): void {
  expect(reports.errors).toEqual([]);
  const [logged, ...more] = reports.logs.filter((fields) => 'outcome' in fields);
  expect(more).toEqual([]);
  expect(reports.announced).toEqual([logged]);
  expect(logged).toMatchObject({ outcome, requested: action });
  expect(logged?.['reducedBecause']).toEqual(because === undefined ? undefined : saying(because));
  expect(logged?.['location']).toEqual(copies.length === 0 ? undefined : expect.stringMatching(/^s3:\/\/quarantine-bucket\/objects\//));
  const metrics = reports.counts.map((count) => count.split(' ')[0]).filter((metric) => Object.values(METRIC_OF).includes(metric ?? ''));
  expect(metrics).toEqual([METRIC_OF[outcome]]);
}

function expectWholeCopy({ copies, uploaded: { body, metadata, tags }, original, uploaded }: Walked): void {
  const size = uploaded.size ?? uploaded.bytes?.length ?? Buffer.byteLength(body ?? '');
  expect(copies).toEqual([
    expect.objectContaining({ body, size, metadata, tags, encryption: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: QUARANTINE_KEY } }),
  ]);
  if (original !== undefined) expect(original).toMatchObject({ body, size });
}

/** The words of the chains. */
function stepOf({ outcome, copy, alarm }: Cell): string {
  const words = copy && outcome !== 'quarantined' && outcome !== 're-encrypted' ? `copied, ${outcome}` : outcome;
  return alarm === undefined ? words : `${words} and alarmed`;
}

test('no cell is missing, and each kind says how S3 answers, and on which page of AWS that stands', () => {
  for (const { kind, s3, says, page, ...rest } of kinds) {
    expect([kind, ACTIONS.filter((action) => !(action in rest))]).toEqual([kind, []]);
    expect([kind, s3 !== undefined || says !== undefined]).toEqual([kind, true]);
    expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/AmazonS3\/latest\//);
  }
  expect(new Set(kinds.map(({ kind }) => kind)).size).toBe(kinds.length);
});

describe.each(ACTIONS)('the fallbacks of %s', (action) => {
  const [first, ...others] = chains[action];
  const steps = kinds.map((kind) => stepOf(kind[action])).filter((step) => !chains.any.includes(step));

  test('are declared, and each declared one is met with', () => {
    expect(new Set(steps)).toEqual(new Set([first, ...others]));
  });

  test('all raise an alarm, down to the last', () => {
    expect(others.filter((step) => !step.endsWith('and alarmed'))).toEqual([]);
    expect(others.at(-1)).toBe(action === 'report' ? undefined : 'reported and alarmed');
  });

  test('give their reason', () => {
    expect(kinds.filter((kind) => (kind[action].alarm === undefined) !== (kind[action].because === undefined))).toEqual([]);
  });
});

test('docs/guarantees.md shows every cell as it is', () => {
  const script = join(__dirname, '../../scripts/object-matrix-docs.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
