// Stands for S3 and SSM, as a process of its own: answers each HEAD with a compliant object, and counts what it is asked.
const http = require('node:http');

const { rule, keyArn } = JSON.parse(process.argv[2]);
const asked = { HeadObject: 0, GetParameter: 0, other: 0 };

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
};

const server = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.method === 'HEAD') {
    asked.HeadObject++;
    response.writeHead(200, HEAD_ANSWER).end();
  } else if (request.headers['x-amz-target'] === 'AmazonSSM.GetParameter') {
    asked.GetParameter++;
    const answer = JSON.stringify({ Parameter: { Name: 'rule', Type: 'String', Value: rule, Version: 1 } });
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(answer);
  } else {
    asked.other++;
    response.writeHead(501).end();
  }
});

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', () => process.send({ asked }));
// Its parent is gone, and with it whoever asks.
process.on('disconnect', () => process.exit());
