// Apps of many buckets, in JavaScript and with the built library: no compiler takes part in what is measured.
const { App, Stack } = require('aws-cdk-lib');
const kms = require('aws-cdk-lib/aws-kms');
const s3 = require('aws-cdk-lib/aws-s3');

const BUCKETS = 50;

/** What stands in each app, by its name. */
const MAKERS = {
  plain: (stack, id) => new s3.Bucket(stack, id),
  // What EncryptedBucket sets on a bucket, by hand: without deny statements, and nobody verifies.
  equivalent: (stack, id) =>
    new s3.Bucket(stack, id, {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: new kms.Key(stack, `${id}Key`, { enableKeyRotation: true }),
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    }),
  guarded: (stack, id) => {
    // Here, so that the others do not pay for loading it.
    const { EncryptedBucket } = require('../../dist');
    return new EncryptedBucket(stack, id);
  },
};

/** From nothing to the cloud assembly in the folder. */
function synthesise(kind, outdir) {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Stack');
  for (let number = 1; number <= BUCKETS; number++) MAKERS[kind](stack, `Bucket${number}`);
  return app.synth();
}

module.exports = { BUCKETS, synthesise };

if (require.main === module) {
  // Of the whole process, threads that compile WebAssembly included.
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    console.log(JSON.stringify({ cpuMillis: (user + system) / 1000 }));
  });
  synthesise(process.argv[2], process.argv[3]);
}
