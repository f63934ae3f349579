import { ACTIONS } from '../../lib/domain/action';
import { QUARANTINE } from '../support/lambda-enforcer-world';
import { cells, kinds, type Release, saying } from '../support/object-matrix-cells';
import { askUntilDone, countedAsPutBack, everything, type Quarantined, quarantinedBy, versionsNow } from '../support/object-matrix-way-out';
import { ask } from '../support/release-world';

const DISCARD = { action: 'discard' };
const withCopy = cells.filter(({ cell }) => cell.copy);
const releases = withCopy.flatMap(({ cell: { release }, ...rest }) => (release === undefined ? [] : [{ ...rest, release }]));
const discards = withCopy.flatMap(({ cell: { discard }, ...rest }) => (discard === undefined ? [] : [{ ...rest, discard }]));

const copiesIn = ({ walked: { store }, receipt: { copy } }: Quarantined) => [...store.versionsOf(QUARANTINE, copy.key)];
const receiptsIn = ({ walked: { store }, receiptKey }: Quarantined) => [...store.versionsOf(QUARANTINE, receiptKey)];

describe('what a release comes to:', () => {
  test.each(releases)('$name', async ({ action, release, ...kind }) => {
    const object = await quarantinedBy(kind, action);
    const inQuarantine = [copiesIn(object), receiptsIn(object)];
    await expectDryRun(object, release);
    await expectToCome(object, release, {});
    const { overwriting } = release;
    if (release.status === 'refused') await expectToCome(object, overwriting ?? release, { overwrite: true });
    expect([copiesIn(object), receiptsIn(object)]).toEqual(inQuarantine);
    expect(object.walked.store.multipart.openUploads).toBe(0);
  });
});

/** What a dry run says, and that it says only. */
async function expectDryRun(object: Quarantined, release: Release): Promise<void> {
  const before = everything(object);
  const told = await ask(object.made, { dryRun: true });
  const isToldBefore = release.status === 'refused' && release.dryRun === undefined;
  expect(told).toMatchObject(isToldBefore ? expected(release) : { status: 'would-release' });
  expect(everything(object)).toEqual(before);
}

async function expectToCome(object: Quarantined, release: Release, request: object): Promise<void> {
  const { told, invocations } = await askUntilDone(object, request);
  expect(told).toMatchObject(expected(release));
  expect(invocations).toBe(release.inParts ? 2 : 1);
  if (release.status === 'released') return expectPutBack(object);
  expect(versionsNow(object)).toEqual(object.before);
  expect(object.made.events).toEqual([]);
  if (release.inTheWay !== undefined) expect(inTheWay(object)).toBe(release.inTheWay);
}

function inTheWay({ before, walked: { written, uploaded } }: Quarantined): Release['inTheWay'] {
  const { body, etag } = before.at(-1) ?? {};
  if (body !== uploaded.body) return 'a newer object';
  return etag === `"${written.etag}"` ? 'the original' : 'the re-encrypted object';
}

/** The very bytes, with all that described them, as required, on top of what was there; told once; and the verifier has nothing to say of it. */
async function expectPutBack(object: Quarantined): Promise<void> {
  const { walked, made, before } = object;
  const { body = '', bytes = Buffer.from(body), size = bytes.length, metadata, tags, annotations } = walked.uploaded;
  const now = versionsNow(object);
  const current = now.at(-1);
  if (current === undefined) throw new Error('nothing lies there');
  expect(current).toMatchObject({ body, bytes, size, metadata, tags, annotations, encryption: walked.required, deleteMarker: false });
  expect(before).not.toContain(current);
  const stay = before.filter(({ versionId }) => versionId !== current.versionId);
  expect(now.slice(0, -1)).toEqual(stay);
  expect(made.events).toEqual([expect.objectContaining({ outcome: 'released', key: walked.written.key })]);
  expect(await countedAsPutBack(object, current)).toEqual(['CompliantObjects data-bucket']);
  await expectOnlyOnce(object, 'already-released');
}

async function expectOnlyOnce(object: Quarantined, status: string, request: object = { overwrite: true }): Promise<void> {
  const before = everything(object);
  await expect(ask(object.made, request)).resolves.toMatchObject({ status });
  expect(everything(object)).toEqual(before);
  expect(object.made.events).toHaveLength(1);
}

describe('what a discard comes to:', () => {
  test.each(discards)('$name', async ({ action, discard, ...kind }) => {
    const object = await quarantinedBy(kind, action);
    const [before, receipts] = [everything(object), receiptsIn(object)];
    const isDone = discard.status === 'discarded';
    await expect(ask(object.made, { ...DISCARD, dryRun: true })).resolves.toMatchObject(
      isDone ? { status: 'would-discard' } : expected(discard),
    );
    expect(everything(object)).toEqual(before);
    await expect(ask(object.made, DISCARD)).resolves.toMatchObject(expected(discard));
    if (isDone) await expectDiscarded(object);
    else expect(everything(object)).toEqual(before);
    expect(versionsNow(object)).toEqual(object.before);
    expect(receiptsIn(object)).toEqual(receipts);
    expect(receipts).toHaveLength(1);
  });
});

/** For good, told once, and no release brings it back. */
async function expectDiscarded(object: Quarantined): Promise<void> {
  expect(copiesIn(object)).toEqual([]);
  expect(object.made.events).toEqual([expect.objectContaining({ outcome: 'discarded', key: object.walked.written.key })]);
  await expectOnlyOnce(object, 'already-discarded', DISCARD);
  await expect(ask(object.made, { overwrite: true })).resolves.toMatchObject({
    status: 'refused',
    why: expect.stringContaining('it was discarded at'),
  });
}

function expected({ status, because }: { readonly status: string; readonly because?: readonly string[] }) {
  return because === undefined ? { status } : { status, why: saying(because) };
}

describe.each(ACTIONS)('the way out of what %s moves', (action) => {
  const ofAction = kinds.map((kind) => ({ name: kind.kind, ...kind[action] }));

  test('is told of every kind of object that has a copy, both ways, and of no other', () => {
    const told = ofAction.filter(({ release, discard }) => release !== undefined || discard !== undefined);
    const both = told.filter(({ release, discard }) => release !== undefined && discard !== undefined);
    expect(told.map(({ name }) => name)).toEqual(ofAction.filter(({ copy }) => copy).map(({ name }) => name));
    expect(both).toEqual(told);
  });

  test('gives a reason where it is refused, and nowhere else, and says what is in its way where `overwrite` makes a difference', () => {
    const ways = ofAction.flatMap(({ name, release, discard }) =>
      [release, release?.overwriting, discard].flatMap((way) => (way === undefined ? [] : [{ name, way }])),
    );
    expect(ways.filter(({ way }) => (way.status === 'refused') !== (way.because !== undefined))).toEqual([]);
    expect(ofAction.filter(({ release }) => (release?.overwriting === undefined) !== (release?.inTheWay === undefined))).toEqual([]);
  });
});
