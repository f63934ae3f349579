import { S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import type { ObjectStore } from '../../lambda/shared/object-store';
import { S3BucketClients } from '../../lambda/shared/s3-bucket-clients';
import { S3ObjectStore } from '../../lambda/shared/s3-object-store';

interface HttpRequest {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

const ENVIRONMENT = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMIEXAMPLEKEY',
};
const before = { ...process.env };
beforeAll(() => void Object.assign(process.env, ENVIRONMENT));
afterAll(() => {
  process.env = before;
});

/** Takes requests, and answers none. */
function recorder() {
  const requests: HttpRequest[] = [];
  const handle = async (request: HttpRequest) => {
    requests.push(request);
    throw Object.assign(new Error('no answer'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  };
  return { requests, requestHandler: { handle } as never };
}

/** What makes a request the one that was meant; what the clock and chance put into it is left out. */
function meaning({ method, hostname, path, query, headers }: HttpRequest): string {
  const { 'x-amz-copy-source': source, 'x-amz-copy-source-if-match': etag, 'if-match': ifMatch, host } = headers;
  const { 'x-amz-server-side-encryption-customer-algorithm': customerKey, 'x-amz-checksum-mode': checksum } = headers;
  const { authorization = '' } = headers;
  const scope = /Credential=[^/]+\/\d+\/(\S+?),/.exec(authorization)?.[1];
  return JSON.stringify({ method, hostname, host, path, query, source, etag, ifMatch, customerKey, checksum, scope });
}

type Call = (store: ObjectStore, bucket: string, key: string) => Promise<unknown>;

const TARGET = { bucket: 'quarantine-bucket', kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/99999999-8888-4777-a666-555555555555' };
const CALLS: readonly Call[] = [
  (store, bucket, key) => store.head({ bucket, key, versionId: `v-${key}` }),
  (store, bucket, key) => store.headWithThrowAwayKey({ bucket, key }),
  (store, bucket, key) => store.headWithChecksum({ bucket, key, versionId: `v-${key}` }),
  (store, bucket, key) => store.tags({ bucket, key }),
  (store, bucket, key) => store.replaceTags({ bucket, key }, { owner: key }),
  (store, bucket, key) => store.copy({ bucket, key }, `"etag-${key}"`, { ...TARGET, key: `objects/${bucket}/${key}` }),
  (store, bucket, key) => store.deleteCurrent({ bucket, key }, `"etag-${key}"`),
];

/** Names with dots, which S3 serves as paths, among others, which it serves as hosts. */
const bucketNames = fc.stringMatching(/^[a-z][a-z0-9]{3,12}(\.[a-z0-9]{3,8})?$/);
const keys = fc.stringMatching(/^[A-Za-z0-9/ +é]{1,20}$/);
const anyCall = fc.nat(CALLS.length - 1);
const callsOn = (call: fc.Arbitrary<number>, buckets: fc.Arbitrary<string>) =>
  fc.array(fc.tuple(call, buckets, keys), { minLength: 110, maxLength: 150 });
/** Many at once on one client, and HEADs of more buckets than have clients. */
const calls = fc.oneof(
  fc.uniqueArray(bucketNames, { minLength: 1, maxLength: 3 }).chain((few) => callsOn(anyCall, fc.constantFrom(...few))),
  callsOn(fc.constant(0), bucketNames),
);

/** The client that remembers nothing between calls, one call after another. */
async function oneByOne(planned: readonly [number, string, string][]): Promise<string[]> {
  const { requests, requestHandler } = recorder();
  const store = new S3ObjectStore(new S3Client({ requestHandler, maxAttempts: 1 }));
  for (const [call, bucket, key] of planned) await CALLS[call]?.(store, bucket, key).catch(() => undefined);
  return requests.map(meaning);
}

async function allAtOnce(planned: readonly [number, string, string][], connect = S3ObjectStore.connect): Promise<string[]> {
  const { requests, requestHandler } = recorder();
  const store = connect(false, requestHandler);
  await Promise.all(planned.map(([call, bucket, key]) => CALLS[call]?.(store, bucket, key).catch(() => undefined)));
  return requests.map(meaning);
}

test('what the client remembers between calls puts none of them at the place of another, however many there are at once', async () => {
  await fc.assert(
    fc.asyncProperty(calls, async (planned) => {
      const expected = await oneByOne(planned);
      expect(expected).toHaveLength(planned.length);
      expect((await allAtOnce(planned)).sort()).toEqual(expected.sort());
    }),
    { seed: 20261122, numRuns: 12 },
  );
});

test('each bucket has a client of its own for its HEADs, the same each time, also after more buckets than are kept', () => {
  const clients = new S3BucketClients({ region: 'eu-west-1' }, new S3Client({ region: 'eu-west-1' }));
  const buckets = Array.from({ length: 250 }, (_, number) => `bucket-${number}`);
  expect(new Set(buckets.map((bucket) => clients.of(bucket))).size).toBe(buckets.length);
  expect(clients.of('bucket-249')).toBe(clients.of('bucket-249'));
});

/** The reason for a client of its own for each bucket. If this fails, the SDK has been mended, and one would do. */
test('a single client that keeps its middleware would send calls to the host of another bucket', async () => {
  const planned = ['one-bucket', 'two-bucket', 'three-bucket'].map((bucket): [number, string, string] => [4, bucket, 'key']);
  const single: typeof S3ObjectStore.connect = (_, requestHandler) =>
    new S3ObjectStore(new S3Client({ cacheMiddleware: true, ...(requestHandler && { requestHandler }) }));
  const hosts = (requests: readonly string[]) => new Set(requests.map((request) => JSON.parse(request).hostname)).size;
  expect(hosts(await allAtOnce(planned))).toBe(3);
  expect(hosts(await allAtOnce(planned, single))).toBeLessThan(3);
});
