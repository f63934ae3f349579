// Stands for S3 and SSM, as a process of its own: answers each HEAD with a compliant object, and counts what it is asked.
const http = require('node:http');

const { rule, keyArn, metadata = {}, isMessage = false } = JSON.parse(process.argv[2]);
const asked = { HeadObject: 0, GetObject: 0, GetParameter: 0, other: 0 };

/** What S3 answers about a small object of a versioned bucket, header for header. */
const HEAD_ANSWER = {
  'x-amz-id-2': 'qnbbxQvv0pVDvCgcNTLfRqY5PLYUAZe0MIsbLBbZ2iYdxZ8vqVMPvlBp/P8tkzLoHlNDBDdCAKQ=',
  'x-amz-request-id': '6SJG3E1SEXAMPLE0',
  'last-modified': 'Thu, 12 Nov 2026 00:00:00 GMT',
  etag: '"b1946ac92492d2347c6235b4d2611184"',
  'x-amz-server-side-encryption': 'aws:kms',
  'x-amz-server-side-encryption-aws-kms-key-id': keyArn,
  'x-amz-server-side-encryption-bucket-key-enabled': 'true',
  'x-amz-version-id': 'KSrqvBJuwzSQ9nIChaJPCoRVXsvLzn8o',
  'accept-ranges': 'bytes',
  'content-type': 'binary/octet-stream',
  server: 'AmazonS3',
  'content-length': '1024',
  ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
};

/** A message of the AWS Encryption SDK, with key commitment. */
async function messageOf(plaintext) {
  const { buildClient, CommitmentPolicy, RawAesKeyringNode, RawAesWrappingSuiteIdentifier } = require('@aws-crypto/client-node');
  const keyring = new RawAesKeyringNode({
    keyName: 'bench',
    keyNamespace: 'bench',
    unencryptedMasterKey: new Uint8Array(32).fill(7),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  return (await buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT).encrypt(keyring, plaintext)).result;
}

let content = Buffer.alloc(1024);

const server = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.method === 'HEAD') {
    asked.HeadObject++;
    response.writeHead(200, { ...HEAD_ANSWER, 'content-length': `${content.length}` }).end();
  } else if (request.method === 'GET') {
    asked.GetObject++;
    const [, last] = /^bytes=0-(\d+)$/.exec(request.headers.range) ?? [];
    const start = content.subarray(0, Number(last) + 1);
    const range = { 'content-length': `${start.length}`, 'content-range': `bytes 0-${start.length - 1}/${content.length}` };
    response.writeHead(206, { ...HEAD_ANSWER, ...range }).end(start);
  } else if (request.headers['x-amz-target'] === 'AmazonSSM.GetParameter') {
    asked.GetParameter++;
    const answer = JSON.stringify({ Parameter: { Name: 'rule', Type: 'String', Value: rule, Version: 1 } });
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(answer);
  } else {
    asked.other++;
    response.writeHead(501).end();
  }
});

async function main() {
  if (isMessage) content = await messageOf('x'.repeat(100_000));
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
process.on('message', () => process.send({ asked }));
// Its parent is gone, and with it whoever asks.
process.on('disconnect', () => process.exit());
