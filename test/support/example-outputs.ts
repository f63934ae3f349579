import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { context as flags } from '../../cdk.json';
import type { Resource, Statement } from './stacks';

const ROOT = join(__dirname, '..', '..');
export const FOLDER = join(ROOT, 'examples');

/** A key of the account that the example of two accounts takes for the owner's. */
export const SHARED_KEY = 'arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** Where each example is synthesised to, in a folder of its own name. */
export const outputs = mkdtempSync(join(tmpdir(), 'examples-'));

/**
 * As the CDK CLI does it: an app learns from its environment where to write, and does so at the end of its process.
 *
 * @param context - beside the flags of cdk.json, what a reader gives with -c
 */
export function synthesise(examples: readonly string[], context: Readonly<Record<string, string>>): void {
  // One process for all, since loading the CDK is what takes the time.
  const script = examples.map((file) => {
    const [output, path] = [join(outputs, file), join(FOLDER, file)].map((text) => JSON.stringify(text));
    return `process.env.CDK_OUTDIR = ${output}; require(${path});`;
  });
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, CDK_CONTEXT_JSON: JSON.stringify({ ...flags, 'aws:cdk:disable-asset-staging': true, ...context }) };
  execFileSync(process.execPath, ['--import', 'tsx', '--eval', script.join('\n')], { cwd: ROOT, env, stdio: 'pipe' });
}

export const stacksOf = (file: string) => new CloudAssembly(join(outputs, file)).stacks;

/** By logical id; of an example with several stacks, behind the name of the stack. */
export function resourcesOf(file: string, type: string): Record<string, Resource> {
  const stacks = stacksOf(file);
  const resources = stacks.flatMap(({ stackName, template }) =>
    Object.entries(template.Resources as Record<string, Resource>).map(
      ([id, resource]) => [stacks.length > 1 ? `${stackName}/${id}` : id, resource] as const,
    ),
  );
  return Object.fromEntries(resources.filter(([, { Type }]) => Type === type));
}

/** The statements of a bucket's policy, by the id of the bucket. */
export function statementsOn(file: string, bucket: string): Statement[] {
  const policies = propertiesOf(file, 'AWS::S3::BucketPolicy').filter(({ Bucket }) => Bucket.Ref?.startsWith(bucket));
  expect(policies).toHaveLength(1);
  return policies[0].PolicyDocument.Statement;
}

// biome-ignore lint/suspicious/noExplicitAny: the shape depends on the type of the resource
export const propertiesOf = (file: string, type: string): any[] =>
  Object.values(resourcesOf(file, type)).map(({ Properties }) => Properties);

/** What the enforcers of an example are told, a line for each bucket. */
export function rulesOf(file: string): string[] {
  return propertiesOf(file, 'AWS::SSM::Parameter').map(({ Value }) => {
    const parts: unknown[] = typeof Value === 'string' ? [Value] : Value['Fn::Join'][1];
    const { action, accept } = JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'token')).join(''));
    return `${accept.map(({ scheme }: { scheme: string }) => scheme).join(' or ')}: ${action}`;
  });
}

/** The default encryption of all buckets but the quarantine, which is the enforcer's. */
export function defaultEncryptionOf(file: string): unknown[] {
  const buckets = Object.entries(resourcesOf(file, 'AWS::S3::Bucket')).filter(([id]) => !id.includes('Quarantine'));
  return buckets.map(([, { Properties }]) => {
    const { SSEAlgorithm, KMSMasterKeyID } = Properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault;
    return [SSEAlgorithm, KMSMasterKeyID];
  });
}

export const onlyKeyBut = (file: string, ...others: string[]) =>
  Object.keys(resourcesOf(file, 'AWS::KMS::Key')).filter((id) => !others.some((other) => id.includes(other)));
