import { loadConfig } from '../../lambda/encryption-canary/config';
import { type Canary, type CanaryBucket, releaseCanary } from '../../lambda/encryption-canary/release-canary';
import { S3CanaryBucket } from '../../lambda/encryption-canary/s3-canary-bucket';
import { type S3Stub, startS3Stub } from '../support/lambda-s3-stub';

const PATIENCE = 10_000;
const CANARY: Canary = { key: 'canary-1', versionId: 'v1' };

/** A bucket whose object is gone after so long, and a clock that only waiting, and looking, moves. */
function world(goneAfterMillis: number, lookTakesMillis = 0) {
  const seen = { looks: 0, waits: [] as number[], asked: [] as Canary[] };
  let clock = Date.parse('2026-11-12T10:00:00Z');
  const writtenAt = clock;
  const bucket: CanaryBucket = {
    writeWrongObject: async (key) => ({ ...CANARY, key }),
    isGone: async (canary) => {
      seen.looks += 1;
      seen.asked.push(canary);
      clock += lookTakesMillis;
      return clock - writtenAt >= goneAfterMillis;
    },
  };
  const wait = async (millis: number) => {
    seen.waits.push(millis);
    clock += millis;
  };
  return { seen, ports: { bucket, patienceMillis: PATIENCE, now: () => new Date(clock), wait } };
}

describe('a canary', () => {
  test.each([
    ['at once', 0, { caught: true, waitedMillis: 0 }],
    ['after a while', 2_500, { caught: true, waitedMillis: 3_000 }],
    ['at the last moment', PATIENCE, { caught: true, waitedMillis: PATIENCE }],
    ['a moment too late', PATIENCE + 1, { caught: false, waitedMillis: PATIENCE }],
    ['never', Number.POSITIVE_INFINITY, { caught: false, waitedMillis: PATIENCE }],
  ])('that is gone %s is told so', async (_, goneAfterMillis, expected) => {
    const { ports } = world(goneAfterMillis);
    await expect(releaseCanary('canary-1', ports)).resolves.toEqual({ ...CANARY, ...expected });
  });

  test('is looked at by the version that was written, once a second, and never beyond its time', async () => {
    const { ports, seen } = world(Number.POSITIVE_INFINITY, 700);
    await releaseCanary('canary-1', ports);
    expect(new Set(seen.asked.map(({ key, versionId }) => `${key}/${versionId}`))).toEqual(new Set(['canary-1/v1']));
    expect(Math.max(...seen.waits)).toBe(1_000);
    // Looks take their time as well; the last wait ends with the patience.
    expect(seen.waits.reduce((sum, millis) => sum + millis, 0) + (seen.looks - 1) * 700).toBe(PATIENCE);
  });

  test('that cannot be written or looked at is no answer, but an error', async () => {
    const { ports } = world(0);
    const broken = (part: Partial<CanaryBucket>) => releaseCanary('canary-1', { ...ports, bucket: { ...ports.bucket, ...part } });
    const failing = () => Promise.reject(new Error('S3 is down'));
    await expect(broken({ writeWrongObject: failing })).rejects.toThrow('S3 is down');
    await expect(broken({ isGone: failing })).rejects.toThrow('S3 is down');
  });
});

describe('the bucket of the canary', () => {
  let stub: S3Stub;
  let bucket: S3CanaryBucket;

  beforeEach(async () => {
    stub = await startS3Stub();
    bucket = new S3CanaryBucket('canaries', stub.client);
  });

  afterEach(() => stub.close());

  test('gets an object under SSE-S3, asked for by its header, whatever the default of the bucket is', async () => {
    stub.answer({ status: 200, headers: { 'x-amz-version-id': 'v1', etag: '"e"' } });
    await expect(bucket.writeWrongObject('canary-1')).resolves.toEqual(CANARY);
    expect(stub.requests).toHaveLength(1);
    expect(stub.requests[0]).toMatchObject({ method: 'PUT', headers: { 'x-amz-server-side-encryption': 'AES256' } });
    expect(stub.requests[0]?.target).toMatch(/^\/canaries\/canary-1(\?|$)/);
  });

  test.each([['without an id'], ['null']])('that gives a version %s is an error: nothing could be watched', async (versionId) => {
    stub.answer({ status: 200, headers: { etag: '"e"', ...(versionId === 'null' && { 'x-amz-version-id': 'null' }) } });
    await expect(bucket.writeWrongObject('canary-1')).rejects.toThrow(/bucket canaries is not versioned.*enable versioning$/);
  });

  test.each([
    [200, false],
    [404, true],
    [405, true],
  ])('HEAD of that version answers %i: gone is %s', async (status, gone) => {
    stub.answer({ status, headers: { etag: '"e"', 'content-length': '1' } });
    await expect(bucket.isGone(CANARY)).resolves.toBe(gone);
    expect(stub.requests[0]).toMatchObject({ method: 'HEAD', target: '/canaries/canary-1?versionId=v1' });
  });

  test.each([400, 403, 500, 503])('HEAD answers %i: nobody knows, which is an error and not a catch', async (status) => {
    stub.answer({ status });
    await expect(bucket.isGone(CANARY)).rejects.toThrow(/S3/);
  });
});

describe('the environment of the canary', () => {
  const COMPLETE = { ENFORCER_NAME: 'Enforcer-AB12CD34', CANARY_BUCKET: 'canaries', PATIENCE_SECONDS: '300' };

  test('is its configuration', () => {
    expect(loadConfig(COMPLETE)).toEqual({ enforcerName: 'Enforcer-AB12CD34', bucket: 'canaries', patienceMillis: 300_000 });
  });

  test.each(Object.keys(COMPLETE))('%s must be there', (name) => {
    expect(() => loadConfig({ ...COMPLETE, [name]: '' })).toThrow(`missing or unusable: ${name}. Deploy`);
  });

  test.each(['0', '-1', 'soon'])('has no patience of %s', (value) => {
    expect(() => loadConfig({ ...COMPLETE, PATIENCE_SECONDS: value })).toThrow('missing or unusable: PATIENCE_SECONDS. Deploy');
  });
});
