import fc from 'fast-check';
import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import { notification, objectCreated, rekeyed, sqsEvent } from '../support/events';
import { SSE_KMS, SSE_S3, upload, world } from '../support/lambda-enforcer-world';

const SEEDED = { seed: 20261122, numRuns: 1000 } as const;
const BROKEN_IN_A_BATCH = 6;

const OBJECT = { bucket: 'data-bucket', key: 'reports/a+b %2B.csv', etag: '0123456789abcdef0123456789abcdef', versionId: 'v1' };

/** A message as S3 sends it, with a piece cut out, doubled, or replaced by something else. */
const damaged = fc
  .record({
    whole: fc.constantFrom(
      JSON.stringify(objectCreated(OBJECT)),
      JSON.stringify(notification(OBJECT, OBJECT)),
      JSON.stringify(rekeyed(OBJECT)),
    ),
    from: fc.nat(),
    length: fc.integer({ min: 1, max: 60 }),
    instead: fc.oneof(fc.constantFrom('', '"', '{', '}', 'null', '0', '[]', '\u0000', '\ud800'), fc.string({ maxLength: 8 }), fc.json()),
  })
  .map(({ whole, from, length, instead }) => {
    const at = from % whole.length;
    return whole.slice(0, at) + instead + whole.slice(at + length);
  });

const anything = fc.oneof(
  fc.string(),
  fc.json(),
  fc.jsonValue().map((detail) => JSON.stringify({ source: 'aws.s3', 'detail-type': 'Object Created', detail })),
  fc.jsonValue().map((requestParameters) => JSON.stringify(rekeyed(OBJECT, { requestParameters }))),
  fc.jsonValue().map((record) => JSON.stringify({ Records: [record] })),
);

test('6,000 broken messages in 1,000 batches: none fails its neighbours, and each is logged and returned to the queue, or understood', async () => {
  let returned = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 2, arbitrary: damaged }, anything), { minLength: BROKEN_IN_A_BATCH, maxLength: BROKEN_IN_A_BATCH }),
      async (bodies) => {
        const { store, ports, reports } = world();
        const good = upload(store, { body: 'good', encryption: SSE_KMS }, 'good');
        const wrong = upload(store, { body: 'wrong', encryption: SSE_S3 }, 'wrong');
        const messages = Object.fromEntries(bodies.map((body, at) => [`broken-${at}`, body]));
        const batch = sqsEvent({ good: objectCreated(good), ...messages, wrong: objectCreated(wrong) });
        const failed = (await processBatch(batch, ports)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

        expect(failed).not.toEqual(expect.arrayContaining(['good']));
        expect(failed).not.toEqual(expect.arrayContaining(['wrong']));
        const verdicts = reports.logs.filter(({ key }) => key === 'good' || key === 'wrong');
        expect(verdicts.map(({ key, outcome }) => `${key} ${outcome}`).sort()).toEqual(['good compliant', 'wrong quarantined']);
        // Nothing disappears: a message either fails, and is logged, or was about no object, or ended in an outcome.
        const ended = reports.logs.length - verdicts.length;
        expect(reports.errors).toHaveLength(failed.length);
        expect(failed.length + ended).toBeGreaterThanOrEqual(bodies.length);
        returned += failed.length;
      },
    ),
    SEEDED,
  );
  // Not vacuous: most cannot be understood.
  expect(returned).toBeGreaterThan(3000);
});
