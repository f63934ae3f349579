import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventBridgeClient, ListRulesCommand, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { settleBucketEncryption } from '../../demo/engine/bucket-encryption';
import { assemblyFolder, bootstrap, deploy } from '../../demo/engine/cdk';
import { OUTPUTS, STACK } from '../emulator/tamper-app';

export type Deployed = Readonly<Record<(typeof OUTPUTS)[number], string>>;

/** Of its own, since other tests bootstrap and deploy to the engine's usual account at the same time. */
export const ACCOUNT = '333333333333';

/** Deploys `tamper-app.ts` to the engine with the real CDK CLI. From then on, clients of this process work in that account. */
export async function deployTamper(): Promise<Deployed> {
  process.env['AWS_ACCESS_KEY_ID'] = ACCOUNT;
  const folder = mkdtempSync(join(tmpdir(), 'tamper-emulator-'));
  try {
    const cdk = { folder, env: process.env, account: ACCOUNT };
    await bootstrap(cdk);
    const outputs = (await deploy(join(__dirname, '..', 'emulator', 'tamper-app.ts'), cdk))[STACK] ?? {};
    await settleBucketEncryption(STACK, assemblyFolder(cdk));
    return Object.fromEntries(OUTPUTS.map((name) => [name, outputs[`${name}Output`] ?? ''])) as Deployed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Patterns of the deployed rules whose names begin so, by the rest of the name. */
export async function patternsOf(client: EventBridgeClient, prefix: string): Promise<Readonly<Record<string, string>>> {
  const { Rules = [] } = await client.send(new ListRulesCommand({ NamePrefix: prefix }));
  return Object.fromEntries(Rules.map(({ Name = '', EventPattern = '' }) => [Name.slice(prefix.length), EventPattern]));
}

/** Which of the patterns match, as the engine sees it. A rule with a number at its end goes on where another was full. */
export async function matching(client: EventBridgeClient, patterns: Readonly<Record<string, string>>, event: object): Promise<string[]> {
  const answers = await Promise.all(
    Object.entries(patterns).map(async ([name, EventPattern]) => {
      const { Result } = await client.send(new TestEventPatternCommand({ EventPattern, Event: JSON.stringify(event) }));
      return Result ? [name.replace(/-\d+$/, '')] : [];
    }),
  );
  return answers.flat().sort();
}

/** The envelope in which EventBridge delivers what CloudTrail recorded. */
export function cloudTrailEvent(detail: Readonly<Record<string, unknown>>) {
  const service = String(detail['eventSource']).split('.')[0];
  return {
    version: '0',
    id: '36eb8523-97d0-4518-b33d-ee3579ff19f0',
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account: ACCOUNT,
    time: '2026-11-12T00:00:00Z',
    region: 'eu-west-1',
    resources: [],
    detail,
  };
}

/** Puts the names of the deployment where a case has `${Name}`. */
export function filled<T>(value: T, names: Readonly<Record<string, string>>): T {
  const text = JSON.stringify(value).replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const known = names[name];
    if (!known) throw new Error(`The deployment has no ${name}.`);
    return known;
  });
  return JSON.parse(text);
}
