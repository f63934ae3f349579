import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import type { DataConfig, GuardConfig } from '../../bin/config/guard-config';
import { parseConfig } from '../../bin/config/parse-config';
import { DataStack } from '../../bin/stacks/data-stack';
import { GuardStacks } from '../../bin/stacks/guard-stacks';
import { ENV, newApp, type StackOptions } from './stacks';

export const ROOT = join(__dirname, '..', '..');

/** The flags that `npx cdk` runs the app under. */
export const FLAGS: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')).context;

/** What the project ships: what `npx cdk deploy` deploys if nobody changes anything. */
export const SHIPPED = documentIn('s3-encryption-guard.json');

/** Everything that a configuration can say, but for what excludes other fields. */
export const EVERYTHING = documentIn('test/app/everything.json');

/** The examples, by their paths. */
export const EXAMPLES = readdirSync(join(ROOT, 'bin', 'examples')).map((name) => `bin/examples/${name}`);

// biome-ignore lint/suspicious/noExplicitAny: a document is anything, until it is parsed
export function documentIn(path: string): any {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

/**
 * A document after the first deployments: with what only these know, which is ARNs of keys, and bucket and key of the audit. And with an
 * account and a Region, as the profile of the CDK CLI has.
 */
export function deployed(document: ReturnType<typeof documentIn>): unknown {
  const keyArn = ({ account, region }: { account: string; region: string }, digit: number) =>
    `arn:aws:kms:${region}:${account}:key/${String(digit).repeat(8)}-2222-3333-4444-555555555555`;
  const { data, keys = [], audit } = structuredClone(document);
  for (const home of data) Object.assign(home, { ...ENV, ...home });
  for (const home of keys) for (const [index, key] of home.keys.entries()) Object.assign(key, { arn: keyArn(home, index), ...key });
  if (audit?.account !== undefined) Object.assign(audit, { delivery: { bucketName: 'audit-files', keyArn: keyArn(audit, 9) }, ...audit });
  return { ...document, data, ...(keys.length > 0 && { keys }), ...(audit && { audit }) };
}

/** @throws Error where the document is no configuration */
export function configOf(document: unknown): GuardConfig {
  const result = parseConfig(document);
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return result.config;
}

/** All stacks of a document, as the app makes them, under its flags; the acknowledgements come after them. */
export function newStacks(document: unknown): { app: App; stacks: GuardStacks } {
  const app = newApp(FLAGS);
  return { app, stacks: new GuardStacks(app, configOf(document)) };
}

/** Of a document that is one of `data`, its stack. */
export function newDataStack(document: unknown, env: StackOptions['env'] = ENV): { app: App; stack: DataStack; config: DataConfig } {
  const [config] = configOf({ data: [document] }).data;
  if (config === undefined) throw new Error('The document has no data.');
  const app = newApp(FLAGS);
  return { app, stack: new DataStack(app, config.stackName, { config, env }), config };
}
