import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { settleBucketEncryption } from '../../demo/engine/bucket-encryption';
import { assemblyFolder, bootstrap, deploy } from '../../demo/engine/cdk';
import { eventually } from '../support/deployed-enforcement';
import { OUTPUTS, SECURITY_HUB, STACK } from './outputs-app';

/** A wrong object, and what people and Security Hub are told of it: by the rules, bundles and permissions that are deployed. */
jest.setTimeout(90_000);

/** Of its own, since other tests deploy to the engine's usual account at the same time. */
const ACCOUNT = '555555555555';

interface Finding {
  readonly Id: string;
  readonly UpdatedAt: string;
  readonly Title: string;
  readonly Compliance: { readonly Status: string };
  readonly RecordState: string;
  readonly AwsAccountId: string;
  readonly Resources: readonly { readonly Id: string }[];
}

let deployed: Readonly<Record<(typeof OUTPUTS)[number], string>>;
let securityHub: Server;
const findings: Finding[] = [];

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = ACCOUNT;
  securityHub = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { Findings } = JSON.parse(Buffer.concat(chunks).toString());
    findings.push(...Findings);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ FailedCount: 0, SuccessCount: Findings.length, FailedFindings: [] }));
  });
  await new Promise<void>((resolve) => securityHub.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'outputs-emulator-'));
  try {
    const hub = `http://127.0.0.1:${(securityHub.address() as AddressInfo).port}`;
    const cdk = { folder, env: { ...process.env, [SECURITY_HUB]: hub }, account: ACCOUNT };
    await bootstrap(cdk);
    const outputs = (await deploy(join(__dirname, 'outputs-app.ts'), cdk))[STACK] ?? {};
    await settleBucketEncryption(STACK, assemblyFolder(cdk));
    deployed = Object.fromEntries(OUTPUTS.map((name) => [name, outputs[`${name}Output`] ?? ''])) as typeof deployed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);

afterAll(() => new Promise((resolve) => securityHub.close(resolve)));

async function nextMail(): Promise<string> {
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
  return eventually('mail', async () => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: deployed.Mails, WaitTimeSeconds: 1 }));
    const [message] = Messages;
    if (message === undefined) return undefined;
    await sqs.send(new DeleteMessageCommand({ QueueUrl: deployed.Mails, ReceiptHandle: message.ReceiptHandle }));
    return message.Body;
  });
}

const findingThat = (isIt: (finding: Finding) => boolean) => eventually('finding', async () => findings.find(isIt), 60);

test('a wrong object is told to the topic in words, and to Security Hub as a finding that its release closes', async () => {
  const Key = 'reports/2026 Q4.csv';
  const s3 = new S3Client({ forcePathStyle: true });
  const { VersionId } = await s3.send(
    new PutObjectCommand({ Bucket: deployed.Bucket, Key, Body: 'wrong', ServerSideEncryption: 'AES256' }),
  );
  const mail = await nextMail();
  expect(mail).toContain('An S3 object is not encrypted as required.');
  expect(mail).toContain(`Object, percent-encoded: s3://${deployed.Bucket}/reports/2026%20Q4.csv`);
  expect(mail).toContain('Done about it: quarantined');
  expect(mail).toMatch(/Copy in quarantine, percent-encoded: s3:\/\/.*\/objects\//);
  expect(mail).toContain(`account ${ACCOUNT}, eu-west-1, enforcer ${deployed.Enforcer}`);
  const open = await findingThat(({ RecordState }) => RecordState === 'ACTIVE');
  expect(open).toMatchObject({
    AwsAccountId: ACCOUNT,
    Title: 'S3 object not encrypted as required: it was moved to quarantine, where somebody has to decide about it',
    Compliance: { Status: 'FAILED' },
    Resources: [{ Id: `arn:aws:s3:::${deployed.Bucket}/${Key}` }],
  });

  // As the function that releases announces it.
  const detail = {
    version: '1',
    enforcer: deployed.Enforcer,
    bucket: deployed.Bucket,
    key: Key,
    versionId: VersionId,
    outcome: 'released',
  };
  await new EventBridgeClient({}).send(
    new PutEventsCommand({
      Entries: [{ Source: 'cdk-s3-encryption-guard', DetailType: 'S3 Object Released', Detail: JSON.stringify(detail) }],
    }),
  );
  expect(await nextMail()).toContain('S3 Object Released: an object that was not encrypted as required.');
  const closed = await findingThat(({ RecordState }) => RecordState === 'ARCHIVED');
  expect(closed).toMatchObject({ Id: open.Id, Compliance: { Status: 'PASSED' } });
  expect(closed.UpdatedAt > open.UpdatedAt).toBe(true);
});

test('of another enforcer of the account, nothing is told', async () => {
  const seen = findings.length;
  const violation = (enforcer: string, key: string) => ({
    Source: 'cdk-s3-encryption-guard',
    DetailType: 'S3 Object Encryption Violation',
    Detail: JSON.stringify({ enforcer, bucket: deployed.Bucket, key, outcome: 'reported', printable: { key } }),
  });
  const Entries = [violation('another', 'theirs'), violation(deployed.Enforcer, 'ours')];
  await new EventBridgeClient({}).send(new PutEventsCommand({ Entries }));
  expect(await nextMail()).toContain(`Object, percent-encoded: s3://${deployed.Bucket}/ours`);
  await findingThat(({ Resources }) => Resources[0]?.Id.endsWith('/ours') === true);
  expect(findings.slice(seen).map(({ Resources }) => Resources[0]?.Id)).toEqual([`arn:aws:s3:::${deployed.Bucket}/ours`]);
});
