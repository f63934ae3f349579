import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { settleBucketEncryption } from '../../demo/engine/bucket-encryption';
import { assemblyFolder, bootstrap, deploy } from '../../demo/engine/cdk';
import { OUTPUTS, STACK } from '../emulator/enforcement-app';

export type Deployed = Readonly<Record<(typeof OUTPUTS)[number], string>>;

/** One line of the function's log about one object. */
export interface VerdictLine {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly outcome: string;
  readonly reason?: string;
  readonly reducedBecause?: string;
  readonly location?: string;
}

/** Deploys `enforcement-app.ts` to the engine with the real CDK CLI. */
export async function deployEnforcement(): Promise<Deployed> {
  const folder = mkdtempSync(join(tmpdir(), 'guard-emulator-'));
  try {
    const cdk = { folder, env: process.env };
    await bootstrap(cdk);
    const outputs = (await deploy(join(__dirname, '..', 'emulator', 'enforcement-app.ts'), cdk))[STACK] ?? {};
    await settleBucketEncryption(STACK, assemblyFolder(cdk));
    const deployed = Object.fromEntries(OUTPUTS.map((name) => [name, outputs[`${name}Output`] ?? ''])) as Deployed;
    // Twelve minutes until a failed message is tried again are right for AWS and too long for a test.
    await new SQSClient({ useQueueUrlAsEndpoint: false }).send(
      new SetQueueAttributesCommand({ QueueUrl: deployed.Queue, Attributes: { VisibilityTimeout: '2' } }),
    );
    return deployed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The verdicts on an object so far, oldest first. */
export async function verdictsOn(logGroup: string, bucket: string, key: string): Promise<VerdictLine[]> {
  return (await verdictsIn(logGroup)).filter((line) => line.bucket === bucket && line.key === key);
}

/** All verdicts so far, oldest first. */
export async function verdictsIn(logGroup: string): Promise<VerdictLine[]> {
  const lines: VerdictLine[] = [];
  let nextToken: string | undefined;
  do {
    const page = await new CloudWatchLogsClient({}).send(new FilterLogEventsCommand({ logGroupName: logGroup, nextToken }));
    for (const { message = '' } of page.events ?? []) {
      if (message.startsWith('{') && message.includes('"object verified"')) lines.push(JSON.parse(message));
    }
    nextToken = page.nextToken;
  } while (nextToken);
  return lines;
}

/** Asks again until there is an answer. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>, seconds = 30): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(100);
  }
  throw new Error(`After ${seconds} s there is still no ${what}.`);
}
