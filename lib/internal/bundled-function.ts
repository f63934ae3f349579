import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** What every function says of its code. */
export function runningBundle(name: string): Pick<lambda.FunctionProps, 'runtime' | 'architecture' | 'code' | 'handler'> {
  return {
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    code: bundledCode(name),
    handler: 'index.handler',
  };
}

/** Bundles are built before publishing, so that consumers need neither esbuild nor Docker. */
function bundledCode(name: string): lambda.Code {
  // The same path from lib/internal (tests, the app) and from dist/internal (the package): both are two levels deep.
  const folder = join(__dirname, '..', '..', 'dist', 'lambda', name);
  if (!existsSync(join(folder, 'index.js'))) {
    throw new Error(`The bundle of the function "${name}" is missing (looked in ${folder}). Run "npm run bundle".`);
  }
  return lambda.Code.fromAsset(folder);
}

export interface BundledFunctionProps {
  /** Name of its bundle. */
  readonly bundle: string;
  readonly description: string;
  readonly timeout: Duration;
  /** Of its log group. */
  readonly removalPolicy: RemovalPolicy;
  /** What it may do, besides writing its log. */
  readonly statements: readonly iam.PolicyStatement[];
  readonly environment?: { [name: string]: string };
}

/** A small function with a role and a log group of its own, besides the one that verifies. */
export function bundledFunction(scope: Construct, props: BundledFunctionProps): { handler: lambda.Function; logGroup: logs.LogGroup } {
  const { bundle, description, timeout, removalPolicy, statements, environment } = props;
  const logGroup = new logs.LogGroup(scope, 'Logs', { retention: logs.RetentionDays.ONE_YEAR, removalPolicy });
  const role = new iam.Role(scope, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  for (const statement of [writeLogsStatement(logGroup), ...statements]) role.addToPolicy(statement);
  const handler = new lambda.Function(scope, 'Handler', {
    description,
    ...runningBundle(bundle),
    memorySize: 256,
    timeout,
    role,
    logGroup,
    environment,
  });
  return { handler, logGroup };
}

/** Not the managed policy of Lambda, which lets a function write every log of the account. */
export function writeLogsStatement(logGroup: logs.ILogGroup): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'WriteLogs',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
}
