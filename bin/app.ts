import { App } from 'aws-cdk-lib';
import { ConfigurationFaults } from './config/fault';
import type { GuardConfig } from './config/guard-config';
import { loadConfig } from './config/load-config';
import { acknowledge } from './stacks/acknowledgements';
import { GuardStacks } from './stacks/guard-stacks';
import { omissionsText } from './stacks/omissions';
import { sizeFaults } from './stacks/template-size';

const app = new App({ autoSynth: false });
const file = String(app.node.tryGetContext('config'));
const config = configOf(file);
if (config !== undefined) {
  const { made, omissions } = new GuardStacks(app, config);
  for (const { stack, findings } of made) acknowledge(stack, findings);
  if (omissions.length > 0) console.error(omissionsText(omissions, file));
  const tooLarge = sizeFaults(app.synth());
  if (tooLarge.length > 0) process.exitCode = 1;
  for (const fault of tooLarge) console.error(fault);
}

/** What the file says that `-c config=<path>` or cdk.json names. A fault in it ends the program before anything is made. */
function configOf(file: string): GuardConfig | undefined {
  try {
    return loadConfig(file, { region: process.env['CDK_DEFAULT_REGION'] });
  } catch (error) {
    if (!(error instanceof ConfigurationFaults)) throw error;
    console.error(error.message);
    process.exitCode = 1;
    return undefined;
  }
}
