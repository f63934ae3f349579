import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Policy, simulate } from '../../demo/policy/simulate';

/** The statement that the runbook gives, put to an evaluator that others wrote. */
const ACCOUNT = '111122223333';
const RUNBOOK = readFileSync(join(__dirname, '..', '..', 'docs', 'operator-runbook.md'), 'utf8');
const [, JSON_OF_RUNBOOK = ''] = /## Who may speak for the enforcer\n.*?```json\n(.*?)```/s.exec(RUNBOOK) ?? [];
const EVERYTHING: Policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
const OURS = 'cdk-s3-encryption-guard';

function send(role: string, sources: string[]) {
  const principal = `arn:aws:iam::${ACCOUNT}:role/${role}`;
  return simulate({
    principal,
    action: 'events:PutEvents',
    resource: `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/default`,
    account: ACCOUNT,
    context: { 'aws:PrincipalArn': principal, 'events:source': sources },
    identityPolicies: [EVERYTHING, JSON.parse(JSON_OF_RUNBOOK)],
  });
}

test.each([
  ['alone', [OURS]],
  ['first of several', [OURS, 'my.app']],
  ['last of several', ['my.app', 'my.app', OURS]],
])('an event in the name of the enforcer, %s in its request, is denied to everybody else', async (_, sources) => {
  await expect(send('developer', sources)).resolves.toMatchObject({ allowed: false, deniedBy: ['OnlyTheGuardSpeaksForTheGuard'] });
});

test.each(['ENFORCER-eu-west-1', 'RELEASE-eu-west-1'])('%s may send them', async (role) => {
  await expect(send(role, [OURS])).resolves.toMatchObject({ allowed: true });
});

test('events of others are sent as before', async () => {
  await expect(send('developer', ['my.app', 'their.app'])).resolves.toMatchObject({ allowed: true });
});
