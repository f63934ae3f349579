import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { settleBucketEncryption } from '../../demo/engine/bucket-encryption';
import { assemblyFolder, bootstrap, deploy } from '../../demo/engine/cdk';
import { invoke } from '../../demo/engine/lambda-api';
import { eventually } from '../support/deployed-enforcement';
import type { Measured } from '../support/digest-endpoint';
import { canaryWas, DAY, measuredFrom, oldestIn, waitingIn } from '../support/digest-week';
import { OUTPUTS, STACK } from './digest-app';

/** The real bundle, as it is deployed, over the engine's CloudWatch, to a subscriber of the engine's SNS. */
jest.setTimeout(60_000);

/** Of its own, since other tests deploy to the engine's usual account at the same time. */
const ACCOUNT = '777777777777';

let deployed: Readonly<Record<(typeof OUTPUTS)[number], string>>;

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = ACCOUNT;
  const folder = mkdtempSync(join(tmpdir(), 'digest-emulator-'));
  try {
    const cdk = { folder, env: process.env, account: ACCOUNT };
    await bootstrap(cdk);
    const outputs = (await deploy(join(__dirname, 'digest-app.ts'), cdk))[STACK] ?? {};
    await settleBucketEncryption(STACK, assemblyFolder(cdk));
    deployed = Object.fromEntries(OUTPUTS.map((name) => [name, outputs[`${name}Output`] ?? ''])) as typeof deployed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);

async function measure(measured: readonly Measured[]): Promise<void> {
  const client = new CloudWatchClient({});
  for (const { namespace, metric, dimensions, at, value } of measured) {
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const MetricData = [{ MetricName: metric, Dimensions, Timestamp: new Date(at), Value: value }];
    await client.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
  }
}

async function nextMail(): Promise<{ readonly Subject: string; readonly Message: string }> {
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
  return eventually('mail', async () => {
    const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: deployed.Mails, WaitTimeSeconds: 1 }));
    if (message === undefined) return undefined;
    await sqs.send(new DeleteMessageCommand({ QueueUrl: deployed.Mails, ReceiptHandle: message.ReceiptHandle }));
    return JSON.parse(message.Body ?? '');
  });
}

test('a week without a verdict is told as such; one with verdicts by its numbers, without those of the canary', async () => {
  await invoke(deployed.Digest);
  const silent = await nextMail();
  expect(silent.Subject).toBe('S3 encryption digest: NOTHING WAS VERIFIED; 0 of 168 canaries written');
  expect(silent.Message).toContain('- verified: 0 (0)\n');

  const yesterday = Math.floor(Date.now() / DAY) * DAY - DAY / 2;
  const object = { enforcer: deployed.Enforcer, bucket: 'records', at: yesterday, ageMillis: 1_500 };
  const wrong = { ...object, metrics: ['NonCompliantObjects', 'QuarantinedObjects'] };
  await measure([
    ...measuredFrom([
      { ...object, metrics: ['CompliantObjects'] },
      { ...object, at: yesterday - 3 * DAY, metrics: ['CompliantObjects'] },
      { ...object, at: yesterday - 7 * DAY, metrics: ['CompliantObjects'], ageMillis: 120_000 },
      wrong,
      { ...wrong, bucket: deployed.CanaryBucket },
    ]),
    canaryWas(deployed.Enforcer, yesterday, true),
    waitingIn(deployed.DeadLetters, yesterday, 2),
    oldestIn(deployed.Queue, yesterday, 4 * 3_600),
  ]);
  await invoke(deployed.Digest);
  const { Subject, Message } = await nextMail();
  expect(Subject).toBe('S3 encryption digest: 1 violation; and more');
  const lines = Message.split('\n');
  expect(lines[0]).toBe('1 violation; 2 events not verified; events waited up to 4 h; 1 of 168 canaries written.');
  expect(lines).toContain(`Enforcer ${deployed.Enforcer}`);
  expect(lines).toContain('- verified: 3 (1)');
  expect(lines).toContain('- as required: 2, 66.66 % (1, 100 %)');
  expect(lines).toContain('- violations: 1 (0), of which unverifiable: 0 (0)');
  // The engine refuses to search.
  expect(lines).toContain('- in which buckets: CloudWatch did not tell');
  expect(lines).toContain('- done about them: quarantined 1 (0), re-encrypted 0 (0), tagged 0 (0), reported 0 (0)');
  expect(lines).toContain('- events not verified, at most at one time: 2 (0)');
  expect(lines).toContain('- longest wait of an event: 4 h (none), of a large object: none (none)');
  expect(lines).toContain('- slowest verification: 1.5 s (2 min)');
  expect(lines).toContain('- canaries caught: 1 of 1 written (0 of 0 written), 168 expected');
  expect(Message).toContain(`Account ${ACCOUNT}, eu-west-1.`);
});
