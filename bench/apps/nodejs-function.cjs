// Bundles the handler as a user of the CDK would: node nodejs-function.cjs HANDLER FOLDER. Prints the path of the bundle.
const { readdirSync } = require('node:fs');
const { join } = require('node:path');
const { App, Stack } = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const { NodejsFunction } = require('aws-cdk-lib/aws-lambda-nodejs');

const [, , entry, outdir] = process.argv;
const app = new App({ outdir });
new NodejsFunction(new Stack(app, 'Stack'), 'Function', {
  entry,
  runtime: lambda.Runtime.NODEJS_24_X,
  // Docker would be another esbuild, and is not needed.
  bundling: { bundleAwsSDK: true, minify: true, forceDockerBundling: false },
});
app.synth();
const asset = readdirSync(outdir).find((name) => name.startsWith('asset.'));
if (asset === undefined) throw new Error('NodejsFunction left no asset');
console.log(join(outdir, asset, 'index.js'));
