import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';

/** Bundles are built before publishing, so that consumers need neither esbuild nor Docker. */
export function bundledCode(name: string): lambda.Code {
  // The same path from lib/internal (tests, the app) and from dist/internal (the package): both are two levels deep.
  const folder = join(__dirname, '..', '..', 'dist', 'lambda', name);
  if (!existsSync(join(folder, 'index.js'))) {
    throw new Error(`The bundle of the function "${name}" is missing (looked in ${folder}). Run "npm run bundle".`);
  }
  return lambda.Code.fromAsset(folder);
}
