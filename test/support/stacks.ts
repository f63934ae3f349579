import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Annotations, App, type CfnElement, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { OWNER_ACCOUNT } from '../domain/sample-keys';

export const ENV = { account: OWNER_ACCOUNT, region: 'eu-west-1' } as const;

/** What a consumer's feature flags may be: the old defaults, or everything CDK recommends. */
export const FLAG_SETS: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['no feature flags', {}],
  ['all recommended feature flags', recommendedFlags],
];

export interface StackOptions {
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly env?: { readonly account?: string; readonly region?: string };
  /** @default - `Data`, as its id */
  readonly stackName?: string;
}

const outputs = mkdtempSync(join(tmpdir(), 'test-stacks-'));
afterAll(() => rmSync(outputs, { recursive: true, force: true }));

/** Each test has an app of its own, because a tree must not grow after its synthesis. */
export function newApp(flags: StackOptions['flags'] = {}): App {
  // Nothing is deployed, so assets need not be copied.
  return new App({ outdir: mkdtempSync(join(outputs, 'app-')), context: { ...flags, 'aws:cdk:disable-asset-staging': true } });
}

/** The one stack of an app. */
export function newStack({ flags, env = ENV, stackName }: StackOptions = {}): Stack {
  return new Stack(newApp(flags), 'Data', { env, stackName });
}

/** Another stack of the same app. */
export function siblingOf(stack: Stack, id: string): Stack {
  return new Stack(stack.node.root as App, id, { env: { account: stack.account, region: stack.region } });
}

/** A bucket that another app makes, whose owner has switched EventBridge on. */
export function importedBucket(stack: Stack, id: string, bucketName: string): s3.IBucket {
  const bucket = s3.Bucket.fromBucketName(stack, id, bucketName);
  Annotations.of(bucket).acknowledgeWarning('cdk-s3-encryption-guard:EventBridgeOfImportedBucket', 'Its owner has switched it on.');
  return bucket;
}

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the type of the resource
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The resources of a type, in the order of the template. */
export function resourcesOf(stack: Stack, type: string): Resource[] {
  return Object.values(Template.fromStack(stack).findResources(type)) as Resource[];
}

/** The rules by which S3's own events reach enforcers; beside them there are rules on what CloudTrail records. */
export function newObjectRules(stack: Stack): Resource[] {
  return resourcesOf(stack, 'AWS::Events::Rule').filter(({ Properties }) => Properties.EventPattern['detail-type'][0] === 'Object Created');
}

/** @throws Error where there is not exactly one */
export function onlyNewObjectRule(stack: Stack): Resource {
  const [rule, ...others] = newObjectRules(stack);
  if (rule === undefined || others.length > 0) throw new Error(`expected one rule on new objects, found ${rule ? others.length + 1 : 0}`);
  return rule;
}

/** @throws Error where there is not exactly one */
export function onlyResourceOf(stack: Stack, type: string): Resource {
  const [resource, ...others] = resourcesOf(stack, type);
  if (resource === undefined || others.length > 0) throw new Error(`expected one ${type}, found ${resource ? others.length + 1 : 0}`);
  return resource;
}

export function resourceOf(stack: Stack, element: CfnElement): Resource {
  return Template.fromStack(stack).toJSON()['Resources'][stack.getLogicalId(element)];
}

export function bucketResource(stack: Stack, bucket: s3.Bucket): Resource {
  return resourceOf(stack, bucket.node.defaultChild as CfnElement);
}

/** The policies of one bucket: there must be one at most, but that is for tests to say. */
export function policiesOf(stack: Stack, bucket: s3.IBucket | s3.CfnBucket): Resource[] {
  const name = JSON.stringify(stack.resolve(s3.CfnBucket.isCfnBucket(bucket) ? bucket.ref : bucket.bucketName));
  return resourcesOf(stack, 'AWS::S3::BucketPolicy').filter(({ Properties }) => JSON.stringify(Properties.Bucket) === name);
}

/** The statements of a bucket's only policy. */
export function statementsOf(stack: Stack, bucket: s3.IBucket | s3.CfnBucket): Statement[] {
  const [policy, ...others] = policiesOf(stack, bucket);
  if (policy === undefined || others.length > 0) throw new Error(`expected one policy, found ${policy ? others.length + 1 : 0}`);
  return policy.Properties.PolicyDocument.Statement;
}

export function sidsOf(statements: readonly Statement[]): (string | undefined)[] {
  return statements.map(({ Sid }) => Sid);
}

export function actionsOf({ Action }: Statement): string[] {
  return [Action].flat();
}

/** Text of a template value; what only a deployment knows is looked up, or stands as `${LogicalId.Attribute}`. */
export function textOf(value: unknown, known: Readonly<Record<string, string>> = {}): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[intrinsic, argument] = ['', undefined]] = Object.entries(value);
  if (intrinsic === 'Fn::Join') return (argument as [string, unknown[]])[1].map((part) => textOf(part, known)).join(argument[0]);
  const name = intrinsic === 'Ref' || intrinsic === 'Fn::GetAtt' ? [argument].flat().join('.') : JSON.stringify(value);
  return known[name] ?? (name === 'AWS::Partition' ? 'aws' : `\${${name}}`);
}

/** Everything that synthesis complains of: annotations, and what its template validation finds. */
export function complaintsOf(stack: Stack): string[] {
  const assembly = (stack.node.root as App).synth();
  const messages = assembly.getStackByName(stack.stackName).messages.map(({ entry }) => String(entry.data));
  const report = join(assembly.directory, 'validation-report.json');
  if (!existsSync(report)) return messages;
  const { pluginReports } = JSON.parse(readFileSync(report, 'utf8')) as { pluginReports: { violations: { description: string }[] }[] };
  return [...messages, ...pluginReports.flatMap(({ violations }) => violations.map(({ description }) => description))];
}
