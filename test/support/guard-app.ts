import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import type { DataConfig, GuardConfig } from '../../bin/config/guard-config';
import { parseConfig } from '../../bin/config/parse-config';
import { deployed } from '../../bin/examples/deployed';
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
export const EXAMPLES = readdirSync(join(ROOT, 'bin', 'examples'))
  .filter((name) => name.endsWith('.json'))
  .map((name) => `bin/examples/${name}`);

// biome-ignore lint/suspicious/noExplicitAny: a document is anything, until it is parsed
export function documentIn(path: string): any {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

export { deployed };

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
