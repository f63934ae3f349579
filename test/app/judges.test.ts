import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { acknowledge } from '../../bin/stacks/acknowledgements';
import { dataFindings } from '../../bin/stacks/data-findings';
import { deployed, documentIn, EVERYTHING, EXAMPLES, newDataStack, newStacks, SHIPPED } from '../support/guard-app';
import { findingsOf, judges } from '../support/judges';

const CONFIGURATIONS: readonly (readonly [string, unknown])[] = [
  ['s3-encryption-guard.json', deployed(SHIPPED)],
  ['test/app/everything.json', EVERYTHING],
  ...EXAMPLES.map((path) => [path, deployed(documentIn(path))] as const),
];

const JUDGES = [
  'AwsSolutions-',
  'HIPAA.Security-',
  'NIST.800.53.R4-',
  'NIST.800.53.R5-',
  'PCI.DSS.321-',
  'Serverless-',
  'cdk-validator-cfnguard::',
];

/** What a user of these judges would see: the report that synthesis writes. */
function reportOf(document: unknown): string[] {
  const { app, stacks } = newStacks(document);
  for (const { stack, findings } of stacks.made) acknowledge(stack, findings);
  Validations.of(app).addPlugins(...judges(app));
  try {
    app.synth();
  } catch (error) {
    if ((error as Error).name !== 'ValidationFailed') throw error;
  }
  const { pluginReports } = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'));
  return pluginReports.flatMap(({ pluginName, violations }: { pluginName: string; violations: object[] }) =>
    violations.map((violation) => `${pluginName}: ${JSON.stringify(violation)}`),
  );
}

describe.each(CONFIGURATIONS)('cdk-nag and Control Tower, on the stacks of %s', (_, document) => {
  const { app, stacks } = newStacks(document);
  const findings = findingsOf(app);
  const accepted = stacks.made.flatMap(({ stack, findings: acknowledged }) =>
    acknowledged.flatMap(({ at, rules, reason }) => rules.map((id) => ({ id, path: `${stack.node.path}/${at}`, reason }))),
  );
  const covers = (acknowledged: { id: string; path: string }, { id, path }: { id: string; path: string }) =>
    acknowledged.id === id && `${path}/`.startsWith(`${acknowledged.path}/`);

  test('find nothing that is not acknowledged', () => {
    expect(findings.filter((finding) => !accepted.some((acknowledged) => covers(acknowledged, finding)))).toEqual([]);
    expect(reportOf(document)).toEqual([]);
  });

  test.each(JUDGES)('have looked: %s found something', (judge) => {
    expect(findings.filter(({ id }) => id.startsWith(judge))).not.toEqual([]);
  });

  test('still need each acknowledgement', () => {
    expect(accepted.filter((acknowledged) => !findings.some((finding) => covers(acknowledged, finding)))).toEqual([]);
  });

  test('meet a reason for each acknowledgement, and one acknowledgement for each finding', () => {
    expect(accepted.filter(({ reason }) => reason.split(' ').length < 6)).toEqual([]);
    const names = accepted.map(({ id, path }) => `${path} ${id}`);
    expect(names).toEqual([...new Set(names)]);
  });
});

test('the judges see what is taken away: access logs, an alarm action, encryption of logs, HTTPS', () => {
  const { app, stack, config } = newDataStack(SHIPPED.data[0]);
  acknowledge(stack, dataFindings(stack, config));
  const { quarantineBucket, alarms, logGroup } = stack.enforcer;
  (quarantineBucket.node.defaultChild as s3.CfnBucket).loggingConfiguration = undefined;
  (alarms[0]?.node.defaultChild as cloudwatch.CfnAlarm).alarmActions = undefined;
  (logGroup.node.defaultChild as logs.CfnLogGroup).kmsKeyId = undefined;
  (stack.node.findChild('AccessLogs').node.findChild('Bucket') as s3.Bucket).policy?.node.tryRemoveChild('Resource');
  const seen = findingsOf(app).map(({ id, path }) => `${path.replace(`${stack.node.path}/`, '')} ${id}`);
  expect(seen).toEqual(
    expect.arrayContaining([
      'Enforcer/Quarantine/Bucket/Resource AwsSolutions-S1',
      'Enforcer/Quarantine/Bucket/Resource cdk-validator-cfnguard::s3_bucket_logging_enabled_check',
      'Enforcer/DeadLettersAlarm/Resource HIPAA.Security-CloudWatchAlarmAction',
      'Enforcer/Function/Logs/Resource PCI.DSS.321-CloudWatchLogGroupEncrypted',
      'AccessLogs/Bucket/Resource AwsSolutions-S10',
    ]),
  );
});
