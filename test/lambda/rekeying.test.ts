import { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import { RetryableError, ThrottledError } from '../../lambda/shared/errors';
import type { BucketRule } from '../../lib/domain/bucket-rule';
import { declare } from '../domain/sample-declarations';
import { rekeyed, sqsRecord } from '../support/events';
import type { Versioning } from '../support/in-memory-object-store';
import {
  BUCKET,
  QUARANTINE,
  REQUIRED_KEY,
  SSE_KMS,
  SSE_KMS_OTHER_KEY,
  SSE_S3,
  upload,
  type World,
  world,
} from '../support/lambda-enforcer-world';
import { meanwhile, watched } from '../support/lambda-intercepted-store';

/** As UpdateObjectEncryption leaves it; the store need not know how that came about. */
const WRONG = { body: 'secret', encryption: SSE_KMS_OTHER_KEY };
const RIGHT = { body: 'older', encryption: SSE_KMS };
const EVENTS = 'arn:aws:sqs:eu-west-1:111122223333:events';

async function deliver({ ports }: World, body: unknown, more: Partial<World['ports']> = {}): Promise<string[]> {
  const answer = await processBatch({ Records: [{ ...sqsRecord('m', body), eventSourceARN: EVENTS }] }, { ...ports, ...more });
  return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

/** What was put into the queue since the last time. */
const sentBy = ({ reports }: World): string[] => reports.sent.splice(0).map(({ body }) => body);

/** Delivers the event, and whatever comes of it, until the queue is empty. */
async function deliverAll(here: World, body: unknown): Promise<void> {
  expect(await deliver(here, body)).toEqual([]);
  for (const next of sentBy(here)) await deliverAll(here, next);
}

const announced = ({ reports }: World) => reports.announced.map(({ key, versionId, outcome }) => ({ key, versionId, outcome }));

describe('an object that was re-keyed', () => {
  test('is pinned first, by version and ETag, and nothing else is done', async () => {
    const here = world();
    const { key, versionId, etag } = upload(here.store, WRONG);
    await deliver(here, rekeyed({ bucket: BUCKET, key, versionId }));
    const { detail } = JSON.parse(sentBy(here)[0] ?? '');
    expect(detail).toMatchObject({ bucket: BUCKET, key, versionId, etag, rekeyed: true, writtenAt: '2026-11-12T00:00:00.000Z' });
    expect(here.reports).toMatchObject({ announced: [], measured: [], errors: [] });
    expect(here.store.keysOf(QUARANTINE)).toEqual([]);
  });

  test('is then verified like an upload', async () => {
    const here = world();
    const { key, versionId } = upload(here.store, WRONG);
    await deliverAll(here, rekeyed({ bucket: BUCKET, key, versionId }));
    expect(announced(here)).toEqual([{ key, versionId, outcome: 'quarantined' }]);
    expect(here.store.versionsOf(BUCKET, key)).toEqual([]);
  });

  test('in a bucket that is not enforced here, as whoever may send messages can say, is not even looked at', async () => {
    const here = world();
    here.store.createBucket('strangers', 'enabled');
    here.store.put('strangers', 'bait', WRONG);
    const { store, calls } = watched(here.store);
    const noRule = async () => {
      throw new RetryableError('there is no such parameter');
    };
    const body = rekeyed({ bucket: 'strangers', key: 'bait' });
    expect(await deliver(here, body, { store, rules: { cached: noRule, fresh: noRule } })).toEqual(['m']);
    expect([calls, here.reports.sent]).toEqual([[], []]);
  });

  test('without a version id is the current version, not one below it', async () => {
    const here = world();
    const below = upload(here.store, RIGHT, 'twice');
    const { versionId } = upload(here.store, WRONG, 'twice');
    await deliverAll(here, rekeyed({ bucket: BUCKET, key: 'twice' }));
    expect(announced(here)).toEqual([{ key: 'twice', versionId, outcome: 'quarantined' }]);
    expect(here.store.versionsOf(BUCKET, 'twice').map((version) => version.versionId)).toEqual([below.versionId]);
  });

  test('is told as quarantined though the function died between delete and report', async () => {
    const here = world();
    upload(here.store, RIGHT, 'twice');
    const { versionId } = upload(here.store, WRONG, 'twice');
    await deliver(here, rekeyed({ bucket: BUCKET, key: 'twice' }));
    const [pinned] = sentBy(here);
    const dying = async () => {
      throw new Error('died');
    };
    expect(await deliver(here, pinned, { announce: dying })).toEqual(['m']);
    expect(await deliver(here, pinned)).toEqual([]);
    expect(announced(here)).toEqual([{ key: 'twice', versionId, outcome: 'quarantined' }]);
  });

  test.each<[string, Versioning]>([
    ['without versions', 'never'],
    ['whose versioning was suspended', 'suspended'],
  ])('in a bucket %s is quarantined while its ETag is the one that was pinned', async (_, versioning) => {
    const here = world({ versioning });
    const { key } = upload(here.store, WRONG);
    await deliver(here, rekeyed({ bucket: BUCKET, key }));
    const [pinned] = sentBy(here);
    upload(here.store, RIGHT, key);
    expect(await deliver(here, pinned)).toEqual([]);
    expect(here.reports.announced).toEqual([]);

    upload(here.store, WRONG, key);
    await deliverAll(here, rekeyed({ bucket: BUCKET, key }));
    expect(here.reports.announced).toEqual([expect.objectContaining({ key, outcome: 'quarantined', reason: 'wrong-key' })]);
    expect(here.store.versionsOf(BUCKET, key).filter((version) => !version.deleteMarker)).toEqual([]);
  });

  test('that is gone is counted as gone', async () => {
    const here = world();
    await deliverAll(here, rekeyed({ bucket: BUCKET, key: 'never-there' }));
    expect(here.reports.counts).toContain(`GoneObjects ${BUCKET}`);
  });

  test('as required is compliant', async () => {
    const here = world();
    const { key, versionId } = upload(here.store, RIGHT);
    await deliverAll(here, rekeyed({ bucket: BUCKET, key, versionId }));
    expect(here.reports.counts).toContain(`CompliantObjects ${BUCKET}`);
    expect(here.reports.announced).toEqual([]);
  });

  test('is not spared by an exemption, which the policy does not extend to re-keying either', async () => {
    const exemptions = [{ prefix: '', principalArns: [], until: '2027-03-31T00:00:00Z', reason: 'import' }];
    const rule: BucketRule = {
      declaration: declare([{ scheme: 'SSE-KMS', keyArns: [REQUIRED_KEY] }], { exemptions }),
      action: 'quarantine',
    };
    const here = world({ rule });
    const { key, versionId } = upload(here.store, WRONG);
    await deliverAll(here, rekeyed({ bucket: BUCKET, key, versionId }));
    expect(announced(here)).toEqual([{ key, versionId, outcome: 'quarantined' }]);
  });

  test('is still one that was re-keyed after S3 throttled the first look at it', async () => {
    const here = world();
    upload(here.store, RIGHT, 'twice');
    const { versionId } = upload(here.store, WRONG, 'twice');
    const store = meanwhile(here.store, 'before', 'head', () => {
      throw new ThrottledError('SlowDown');
    });
    expect(await deliver(here, rekeyed({ bucket: BUCKET, key: 'twice' }), { store })).toEqual([]);
    for (const body of sentBy(here)) await deliverAll(here, body);
    expect(announced(here)).toEqual([{ key: 'twice', versionId, outcome: 'quarantined' }]);
  });
});

test('a call that was refused changed nothing, and nothing is done', async () => {
  const here = world();
  const { key, versionId } = upload(here.store, { body: 'secret', encryption: SSE_S3 });
  const refused = { errorCode: 'AccessDenied', requestParameters: null };
  await deliverAll(here, rekeyed({ bucket: BUCKET, key, versionId }, refused));
  expect(here.reports).toMatchObject({ announced: [], measured: [], sent: [], errors: [] });
});

test('a message that is delivered twice moves one version, and finds the one below as required', async () => {
  const here = world();
  const below = upload(here.store, RIGHT, 'twice');
  upload(here.store, WRONG, 'twice');
  const event = rekeyed({ bucket: BUCKET, key: 'twice' });
  await deliverAll(here, event);
  await deliverAll(here, event);
  expect(here.reports.announced).toHaveLength(1);
  expect(here.store.versionsOf(BUCKET, 'twice').map((version) => version.versionId)).toEqual([below.versionId]);
});
