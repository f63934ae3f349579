import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import type { GuardConfig } from '../../bin/config/guard-config';
import { parseConfig } from '../../bin/config/parse-config';
import { DataStack } from '../../bin/stacks/data-stack';
import { ENV, newApp, type StackOptions } from './stacks';

export const ROOT = join(__dirname, '..', '..');

/** The flags that `npx cdk` runs the app under. */
export const FLAGS: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')).context;

/** What the project ships: what `npx cdk deploy` deploys if nobody changes anything. */
export const SHIPPED: unknown = JSON.parse(readFileSync(join(ROOT, 's3-encryption-guard.json'), 'utf8'));

/** Everything that a configuration can say, but for `alarms.topicArn`, which excludes `alarms.emails`. */
export const EVERYTHING: unknown = JSON.parse(readFileSync(join(ROOT, 'test', 'app', 'everything.json'), 'utf8'));

/** @throws Error where the document is no configuration */
export function configOf(document: unknown): GuardConfig {
  const result = parseConfig(document);
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return result.config;
}

/** The app's stack as the app makes it, under its flags; the acknowledgements come after it. */
export function newDataStack(document: unknown, env: StackOptions['env'] = ENV): { app: App; stack: DataStack; config: GuardConfig } {
  const config = configOf(document);
  const app = newApp(FLAGS);
  return { app, stack: new DataStack(app, config.stackName, { config, env }), config };
}
