import type { Deployment } from './deployment';
import type { Engine } from './engine/engine';
import type { Run } from './run';
import type { Stage } from './stage';

/**
 * An engine that the demo started ends with this process, so that none is forgotten; until then anyone may look around
 * in it. Any other engine stays up by itself.
 */
export async function keepUntilInterrupted(run: Run, engine: Engine, stage: Stage, isOurs: boolean): Promise<void> {
  console.log(invitation(engine.endpoint, stage.deployment));
  if (stage.application !== undefined) console.log(keyInvitation(stage.deployment));
  if (!isOurs) {
    const stacks = stage.stacks.length === 1 ? `the stack ${stage.stacks} stays` : `the stacks ${stage.stacks.join(' and ')} stay`;
    console.log(`This engine is not the demo's to end: ${stacks} in it.`);
    return;
  }
  console.log(`End it with Ctrl-C here, or: kill ${process.pid}`);
  await run.untilInterrupted();
  console.log('Ending the engine; what was in it is gone.');
}

/** What to type in another terminal. */
export function invitation(endpoint: string, deployment: Deployment): string {
  const variables = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].map((name) => `${name}=${process.env[name] ?? ''}`);
  return `
The engine stays up at ${endpoint}. In another terminal, with the AWS CLI:

  unset AWS_PROFILE AWS_SESSION_TOKEN
  export AWS_ENDPOINT_URL=${endpoint} ${variables.join(' ')}
  aws s3 ls s3://${deployment.QuarantineBucket} --recursive
  aws s3 cp README.md s3://${deployment.KmsBucket}/ --sse AES256
  aws logs filter-log-events --log-group-name ${deployment.EnforcerLogs} --query 'events[].message' --output text
`;
}

/** The key is in another account, which the access key id names. */
function keyInvitation({ KmsBucketKey: keyArn }: Deployment): string {
  const account = keyArn.split(':')[4] ?? '';
  return `  AWS_ACCESS_KEY_ID=${account} aws kms get-key-policy --key-id ${keyArn} --output text\n`;
}
