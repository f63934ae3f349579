// One bucket: plain, guarded, or guarded with prefix rules. JavaScript and the built library, so that no compiler takes part.
const { App, Stack } = require('aws-cdk-lib');
const kms = require('aws-cdk-lib/aws-kms');
const s3 = require('aws-cdk-lib/aws-s3');

const [, , kind, outdir, prefixes, keysEach] = process.argv;

const MAKERS = {
  plain: (stack) => new s3.Bucket(stack, 'Data'),
  guarded: (stack) => new (require('../../dist').EncryptedBucket)(stack, 'Data'),
  prefixes: (stack) => {
    const { EncryptedBucket, ObjectEncryption } = require('../../dist');
    let encryption = ObjectEncryption.sseKms(keyOf(stack, 0));
    for (let n = 0; n < Number(prefixes); n++) {
      const keys = Array.from({ length: Number(keysEach) }, (_, m) => keyOf(stack, 1 + n * Number(keysEach) + m));
      encryption = encryption.underPrefix(`team-${String(n).padStart(2, '0')}/data/`, ObjectEncryption.sseKms(...keys));
    }
    return new EncryptedBucket(stack, 'Data', { encryption });
  },
};

function keyOf(stack, n) {
  const id = `${String(n).padStart(8, '0')}-09fe-47dc-85ba-ab0987654321`;
  return kms.Key.fromKeyArn(stack, `Key${n}`, `arn:aws:kms:eu-west-1:111122223333:key/${id}`);
}

const app = new App({ outdir });
MAKERS[kind](new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } }));
app.synth();
