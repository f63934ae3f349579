import { App } from 'aws-cdk-lib';
import { DataStack } from './stacks/data-stack';

const app = new App();
new DataStack(app, 'S3EncryptionGuard', {
  description: 'A guarded bucket, and the enforcer that verifies its objects',
  // Of the profile that the CDK CLI runs under.
  env: { account: process.env['CDK_DEFAULT_ACCOUNT'], region: process.env['CDK_DEFAULT_REGION'] },
});
