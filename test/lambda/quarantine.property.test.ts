import fc from 'fast-check';
import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import type { ObjectStore } from '../../lambda/shared/object-store';
import { objectCreated, sqsEvent } from '../support/events';
import type { Upload, Versioning } from '../support/in-memory-object-store';
import { Custody, guardingCustody } from '../support/lambda-custody';
import { BUCKET, SSE_KMS_OTHER_KEY, SSE_S3, upload, type World, world } from '../support/lambda-enforcer-world';
import { type Fault, failing, intercepted } from '../support/lambda-intercepted-store';

const KEY = 'reports/2026.csv';
const SEEDED = { seed: 20261112, numRuns: 400 } as const;
const MOST_TRIES = 12;
const WRONG: Upload = { body: 'secret', encryption: SSE_S3, metadata: { author: 'ann' }, tags: { team: 'blue' } };

const versionings = fc.constantFrom<Versioning>('never', 'enabled', 'suspended');
const texts = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[ -~]{1,8}$/), { maxKeys: 5, noNullPrototype: true });
const wrongObjects = fc.record({
  body: fc.string({ minLength: 1 }).map((text) => `content ${text}`),
  encryption: fc.constantFrom(SSE_S3, SSE_KMS_OTHER_KEY),
  metadata: texts,
  tags: texts,
});
const faults = fc.array(fc.record({ call: fc.nat({ max: 25 }), when: fc.constantFrom<Fault['when']>('before', 'after') }), {
  maxLength: 6,
});
const keys = fc.oneof(fc.constant(KEY), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), fc.constant('k'.repeat(1024)));

/** Delivers one event until the enforcer says that it is done, as SQS does. */
async function deliver(here: World, object: Parameters<typeof objectCreated>[0], store: ObjectStore): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const { batchItemFailures } = await processBatch(sqsEvent({ message: objectCreated(object) }), { ...here.ports, store });
    const unexpected = here.reports.errors.find(({ error }) => !(error instanceof Error) || error.name !== 'RetryableError');
    if (unexpected !== undefined) throw unexpected.error;
    if (batchItemFailures.length === 0) return;
    if (tries === MOST_TRIES) throw new Error('never done');
  }
}

async function moveWithFaults(versioning: Versioning, object: Upload, key: string, planned: readonly Fault[]) {
  const here = world({ versioning });
  const written = upload(here.store, object, key);
  const custody = new Custody(here.store);
  // The faults stand outside: what fails before its effect never reaches the guard.
  const guarded = intercepted(here.store, guardingCustody(custody, [object]));
  await deliver(here, { ...written }, intercepted(guarded, failing(planned)));
  return { here, custody };
}

function expectMoved(custody: Custody, here: World, object: Upload): void {
  const { body = '' } = object;
  expect(custody.inSource(body)).toEqual([]);
  const copies = custody.inQuarantine(body);
  expect(copies.length).toBeGreaterThanOrEqual(1);
  for (const copy of copies) expect(copy).toMatchObject({ metadata: object.metadata, tags: object.tags });
  expect(custody.receiptsFor(body)).toHaveLength(1);
  expect(here.reports.announced.at(-1)).toMatchObject({
    outcome: 'quarantined',
    location: expect.stringMatching(/^s3:\/\/quarantine-bucket\/(hashed-)?objects\//),
  });
}

describe('wherever a move is interrupted, a repetition ends it, and the content is never nowhere:', () => {
  const points = (['before', 'after'] as const).flatMap((when) => [0, 1, 2, 3, 4].map((call): Fault => ({ call, when })));
  const cases = (['never', 'enabled', 'suspended'] as const).flatMap((versioning) => points.map((fault) => ({ versioning, ...fault })));

  test.each(cases)('versioning $versioning, $when call $call', async ({ versioning, ...fault }) => {
    const { here, custody } = await moveWithFaults(versioning, WRONG, KEY, [fault]);
    expectMoved(custody, here, WRONG);
    expect(here.reports.errors).toHaveLength(1);
  });

  test('any object, any faults in any number', async () => {
    await fc.assert(
      fc.asyncProperty(versionings, wrongObjects, keys, faults, async (versioning, object, key, planned) => {
        const { here, custody } = await moveWithFaults(versioning, object, key, planned);
        expectMoved(custody, here, object);
      }),
      SEEDED,
    );
  });
});

test('an event that could not be announced is announced from the receipt, once the object is gone', async () => {
  await fc.assert(
    fc.asyncProperty(versionings, fc.integer({ min: 1, max: 5 }), async (versioning, failures) => {
      const here = world({ versioning });
      const written = upload(here.store, WRONG);
      let left = failures;
      const announce = async (detail: Readonly<Record<string, unknown>>) => {
        left -= 1;
        if (left >= 0) throw Object.assign(new Error('not now'), { name: 'RetryableError' });
        await here.ports.announce(detail);
      };
      await deliver({ ...here, ports: { ...here.ports, announce } }, { ...written }, here.store);
      const [event, ...others] = here.reports.announced;
      expect(others).toEqual([]);
      expect(event).toMatchObject({ bucket: BUCKET, key: KEY, outcome: 'quarantined', reason: 'wrong-scheme', requested: 'quarantine' });
      expect(here.reports.counts).toEqual([`NonCompliantObjects ${BUCKET}`, `QuarantinedObjects ${BUCKET}`]);
      expectMoved(new Custody(here.store), here, WRONG);
    }),
    { ...SEEDED, numRuns: 15 },
  );
});

describe('handlers that run at the same time, in any order of their steps,', () => {
  test('move one object without losing it, and at least one of them announces it', async () => {
    await fc.assert(
      fc.asyncProperty(
        versionings,
        fc.scheduler(),
        fc.integer({ min: 2, max: 3 }),
        faults,
        async (versioning, scheduler, handlers, planned) => {
          const here = world({ versioning });
          const written = upload(here.store, WRONG);
          const custody = new Custody(here.store);
          const guarded = intercepted(here.store, guardingCustody(custody, [WRONG]));
          const faulty = intercepted(guarded, failing(planned));
          const interleaved = intercepted(faulty, async (_, perform) => scheduler.schedule(Promise.resolve()).then(perform));
          await scheduler.waitFor(Promise.all(Array.from({ length: handlers }, () => deliver(here, { ...written }, interleaved))));
          expect(custody.inSource('secret')).toEqual([]);
          expect(custody.inQuarantine('secret').length).toBeGreaterThanOrEqual(1);
          expect(custody.receiptsFor('secret')).toHaveLength(1);
          expect(here.reports.announced.filter(({ outcome }) => outcome === 'quarantined').length).toBeGreaterThanOrEqual(1);
        },
      ),
      SEEDED,
    );
  });

  test('lose nothing of an uploader who overwrites the object meanwhile', async () => {
    const overwrites = fc.array(wrongObjects, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(versionings, fc.scheduler(), overwrites, async (versioning, scheduler, later) => {
        const here = world({ versioning });
        const custody = new Custody(here.store);
        const contents: Upload[] = [];
        const store = intercepted(here.store, guardingCustody(custody, contents));
        const interleaved = intercepted(store, async (_, perform) => scheduler.schedule(Promise.resolve()).then(perform));
        const upLoadAndDeliver = async (object: Upload, at: number) => {
          const body = `${at}: ${object.body}`;
          await scheduler.schedule(Promise.resolve());
          // Without versions an overwrite loses the older content: that is the uploader's will, not a fault of the enforcer.
          if (versioning !== 'enabled') contents.length = 0;
          contents.push({ body });
          await deliver(here, { ...upload(here.store, { ...object, body }) }, interleaved);
        };
        await scheduler.waitFor(Promise.all([WRONG, ...later].map(upLoadAndDeliver)));
        for (const { body = '' } of contents) {
          expect(custody.inSource(body)).toEqual([]);
          expect(custody.inQuarantine(body).length).toBeGreaterThanOrEqual(1);
        }
      }),
      SEEDED,
    );
  });
});
