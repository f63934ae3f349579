import { S3Client } from '@aws-sdk/client-s3';
import { S3ObjectStore } from '../../lambda/shared/s3-object-store';
import { ALL_CALLS, CALLS, type StoreCall } from '../support/store-calls';

/** How long each request of a call may take, in milliseconds; undefined for as long as the connection has it. */
async function timeoutsOf(call: StoreCall): Promise<unknown[]> {
  const timeouts: unknown[] = [];
  const requestHandler = {
    handle: async (_: unknown, { requestTimeout }: { readonly requestTimeout?: number } = {}) => {
      timeouts.push(requestTimeout);
      throw new Error('no answer');
    },
  };
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMIEXAMPLEKEY' };
  const client = new S3Client({ region: 'eu-west-1', credentials, maxAttempts: 1, requestHandler: requestHandler as never });
  await CALLS[call](new S3ObjectStore(client)).catch(() => undefined);
  return timeouts;
}

const COPIES: readonly StoreCall[] = ['copy', 'copyAs', 'copyPart', 'completeCopy'];

test.each(COPIES)('%s has the time that S3 takes to copy 5 GB', async (call) => {
  await expect(timeoutsOf(call)).resolves.toEqual([100_000]);
});

test.each(ALL_CALLS.filter((call) => !COPIES.includes(call)))('%s waits no longer than any answer takes', async (call) => {
  await expect(timeoutsOf(call)).resolves.toEqual([undefined]);
});

test('the connection itself waits for ten seconds, and then gives up', async () => {
  const store = S3ObjectStore.connect(true) as unknown as { client: S3Client };
  const config = await (store.client.config.requestHandler as unknown as { configProvider: Promise<object> }).configProvider;
  expect(config).toMatchObject({ connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true });
  store.client.destroy();
});
