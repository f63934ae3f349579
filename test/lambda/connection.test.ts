import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { CONNECTION, hasOwnEndpoint } from '../../lambda/shared/connection';

test('a service that never answers is an error, not a warning', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const client = new SSMClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMIEXAMPLEKEY' },
    maxAttempts: 1,
    requestHandler: { ...CONNECTION, requestTimeout: 50 },
  });
  try {
    await expect(client.send(new GetParameterCommand({ Name: 'rule' }))).rejects.toThrow(/requestTimeout/);
  } finally {
    client.destroy();
    silent.closeAllConnections();
    silent.close();
  }
});

test.each<[Record<string, string>, boolean]>([
  [{}, false],
  [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }, true],
  [{ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:4566' }, true],
])('an endpoint of one’s own, given by %j: %s', (env, expected) => {
  expect(hasOwnEndpoint(env)).toBe(expected);
});
