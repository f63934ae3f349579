import { App } from 'aws-cdk-lib';
import { ConfigurationFaults } from './config/fault';
import type { GuardConfig } from './config/guard-config';
import { loadConfig } from './config/load-config';
import { addDataStack } from './stacks/data-stack';

const app = new App({ autoSynth: false });
const config = configOf(app);
if (config !== undefined) {
  addDataStack(app, config);
  app.synth();
}

/** What the file says that `-c config=<path>` or cdk.json names. A fault in it ends the program before anything is made. */
function configOf(scope: App): GuardConfig | undefined {
  try {
    return loadConfig(String(scope.node.tryGetContext('config')), { region: process.env['CDK_DEFAULT_REGION'] });
  } catch (error) {
    if (!(error instanceof ConfigurationFaults)) throw error;
    console.error(error.message);
    process.exitCode = 1;
    return undefined;
  }
}
