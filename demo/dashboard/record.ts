/**
 * Deploys `app.ts` to the local engine, uploads right and wrong objects for two minutes, and writes what was measured into
 * docs/images/dashboard-data.json, for `scripts/dashboard-picture.mjs` to draw. By hand, where the dashboard has new metrics:
 * `npx tsx demo/dashboard/record.ts && npm run docs`
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { settleBucketEncryption } from '../engine/bucket-encryption';
import { assemblyFolder, bootstrap, deploy, type StackOutputs } from '../engine/cdk';
import { deployedResources, type Resource } from '../engine/deployed-stack';
import { startEngine } from '../engine/engine';
import { clientEnvironment, useEnvironment } from '../engine/environment';
import { invoke, setEventSources } from '../engine/lambda-api';
import { OUTPUTS, STACK } from './app';
import { Measurements } from './measurements';

const SECONDS = 120;
/** Meanwhile nobody takes messages from the queues, so that they are seen to fill. */
const STANDSTILL = { from: 50, to: 65 };
const CANARIES_AT = [10, 40, 80, 105];
const TARGET = join(__dirname, '..', '..', 'docs', 'images', 'dashboard-data.json');

type Outputs = Readonly<Record<(typeof OUTPUTS)[number], string>>;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
  const engine = await startEngine({ onInstall: () => console.log('Installing the local AWS engine into .venv …') });
  try {
    useEnvironment(clientEnvironment(engine.endpoint));
    const cdk = { folder, env: process.env };
    await bootstrap(cdk);
    const outputs = outputsOf((await deploy(join(__dirname, 'app.ts'), cdk))[STACK] ?? {});
    await settleBucketEncryption(STACK, assemblyFolder(cdk));
    const resources = await deployedResources(STACK, assemblyFolder(cdk));
    const measured = await measure(outputs, resources);
    const origin = `measured of demo/dashboard/app.ts on the local engine by demo/dashboard/record.ts, ${SECONDS} s`;
    const lines = measured.map((measurement) => `    ${JSON.stringify(measurement)}`).join(',\n');
    writeFileSync(TARGET, `{\n  "origin": ${JSON.stringify(origin)},\n  "seconds": ${SECONDS},\n  "measurements": [\n${lines}\n  ]\n}\n`);
  } finally {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function outputsOf(outputs: StackOutputs): Outputs {
  return Object.fromEntries(OUTPUTS.map((name) => [name, outputs[`${name}Output`] ?? ''])) as Outputs;
}

async function measure(outputs: Outputs, resources: readonly Resource[]) {
  const queues = resources.filter(({ type }) => type === 'AWS::SQS::Queue').map(({ physicalId: url }) => ({ url, name: nameOf(url) }));
  const measurements = new Measurements();
  const beginning = Date.now();
  const underWay: Promise<unknown>[] = [];
  for (let second = 0; second < SECONDS; second++) {
    if (second === STANDSTILL.from) await setEventSources(outputs.Enforcer, false);
    if (second === STANDSTILL.to) await setEventSources(outputs.Enforcer, true);
    if (CANARIES_AT.includes(second)) underWay.push(invoke(outputs.Canary));
    await uploads(outputs, second);
    for (const { url, name } of queues) await measurements.addQueue(url, name);
    await sleep(Math.max(0, beginning + (second + 1) * 1000 - Date.now()));
  }
  await Promise.all(underWay);
  await measurements.addLog(outputs.EnforcerLogs, outputs.Enforcer);
  await measurements.addLog(outputs.CanaryLogs, outputs.Canary);
  return measurements.relativeTo(beginning, namesOf(resources));
}

/** Of what metrics are about: the rule of a bucket has the name of the bucket. */
function namesOf(resources: readonly Resource[]): ReadonlyMap<string, string> {
  const measured = resources.filter(({ type }) => ['AWS::S3::Bucket', 'AWS::SQS::Queue', 'AWS::Lambda::Function'].includes(type));
  return new Map(measured.map(({ physicalId, logicalId }) => [nameOf(physicalId), `\${${logicalId}}`]));
}

/** A queue is known by its URL, everything else by its name. */
function nameOf(physicalId: string): string {
  return physicalId.split('/').at(-1) ?? physicalId;
}

/** Some right ones each second, more in waves; a wrong one now and then. */
async function uploads({ Records, Logs, OtherKey }: Outputs, second: number): Promise<void> {
  const s3 = new S3Client({ forcePathStyle: true });
  const put = (bucket: string, name: string, wrong: object) =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${second}/${name}`, Body: 'x'.repeat(100), ...wrong }));
  const wave = 2 + Math.round(2 * Math.sin(second / 8));
  await Promise.all([
    ...Array.from({ length: wave }, (_, i) => put(Records, `right-${i}`, {})),
    put(Logs, 'right', {}),
    ...(second % 17 === 3 ? [put(Records, 'wrong', { ServerSideEncryption: 'AES256' })] : []),
    ...(second % 29 === 5 ? [put(Logs, 'wrong', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: OtherKey })] : []),
  ]);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
