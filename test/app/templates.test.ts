import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { deployed, documentIn, EXAMPLES, newStacks, SHIPPED } from '../support/guard-app';
import { summaryOf } from '../support/template-summary';

type Template = Parameters<typeof summaryOf>[0];

function templatesOf(document: unknown): [stackName: string, Template][] {
  const { app } = newStacks(document);
  return app.synth().stacks.map(({ stackName, template }) => [stackName, template]);
}

/** CloudFormation replaces what changes its logical id, and what is replaced is empty. A change here loses somebody's data. */
const STATEFUL: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(__dirname, 'templates', 'stateful.json'), 'utf8'));

const HOLDS_STATE =
  /^AWS::(S3::Bucket|KMS::Key|SQS::Queue|SNS::Topic|Logs::LogGroup|SSM::Parameter|CloudTrail::Trail|Athena::WorkGroup|Glue::Table)$/;

function statefulIn({ Resources }: Template): Record<string, string> {
  const stateful = Object.entries(Resources).filter(([, { Type }]) => HOLDS_STATE.test(Type));
  return Object.fromEntries(stateful.map(([id, { Type }]) => [id, Type]));
}

/** The summaries are small, and written to be read: a review of a change sees what becomes of each stack. */
describe.each<[string, unknown]>([
  ['s3-encryption-guard.json', SHIPPED],
  ...EXAMPLES.map((path): [string, unknown] => [path, documentIn(path)]),
])('the templates of %s', (path, document) => {
  const templates = templatesOf(deployed(document));
  const nameOf = (stackName: string) => `${basename(path, '.json')}/${stackName}`;

  test.each(templates)('keep the logical ids of everything that holds state: %s', (stackName, template) => {
    expect(statefulIn(template)).toEqual(STATEFUL[nameOf(stackName)] ?? {});
  });

  test.each(templates)('are the reviewed ones, which UPDATE_TEMPLATE=1 writes anew: %s', (stackName, template) => {
    const reviewed = join(__dirname, 'templates', basename(path, '.json'), `${stackName}.txt`);
    if (process.env['UPDATE_TEMPLATE'] === '1') writeFileSync(reviewed, summaryOf(template));
    expect(summaryOf(template)).toBe(readFileSync(reviewed, 'utf8'));
  });
});
