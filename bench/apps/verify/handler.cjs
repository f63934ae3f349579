// The load of the real handler: SQS events of EventBridge's events of S3, as many as objects, to the bundle that the package ships.
const { join } = require('node:path');

const { handler } = require(join(__dirname, '..', '..', '..', 'dist', 'lambda', 'encryption-enforcer', 'index.js'));

const UPLOADED = { time: '2026-11-12T00:00:00Z', etag: 'b1946ac92492d2347c6235b4d2611184', versionId: 'KSrqvBJuwzSQ9nIChaJPCoRVXsvLzn8o' };
const [beforeKey, afterKey] = message('KEY', UPLOADED).split('KEY');

/** With every field that AWS documents: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
function message(key, { time, etag, versionId }) {
  return JSON.stringify({
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: '111122223333',
    time,
    region: 'eu-west-1',
    resources: ['arn:aws:s3:::bench-bucket'],
    detail: {
      version: '0',
      bucket: { name: 'bench-bucket' },
      object: {
        key,
        size: 1024,
        etag,
        'version-id': versionId,
        sequencer: '00617F08299329D189',
      },
      'request-id': 'N4N7GDK58NMKJ12R',
      requester: '111122223333',
      'source-ip-address': '1.2.3.4',
      reason: 'PutObject',
    },
  });
}

function record(body, position) {
  return {
    messageId: `message-${position}`,
    receiptHandle: `AQEB-${position}`,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1794441600000',
      SenderId: 'AIDAIENQZJOLO23YVJ4VO',
      ApproximateFirstReceiveTimestamp: '1794441600001',
    },
    messageAttributes: {},
    md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:events',
    awsRegion: 'eu-west-1',
  };
}

/** One invocation; the bodies are text, as Lambda hands it over. */
async function invoke(bodies) {
  const ends = Date.now() + 120_000;
  const event = { Records: bodies.map(record) };
  const { batchItemFailures } = await handler(event, { getRemainingTimeInMillis: () => ends - Date.now() });
  if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} of ${bodies.length} objects have no verdict`);
}

// Made cheaply, since that is none of the handler's work.
exports.verify = (keys) => invoke(keys.map((key) => beforeKey + key + afterKey));

/** Versions that came to be meanwhile: each with its key, time, ETag and version id. */
exports.verifyVersions = (versions) => invoke(versions.map((version) => message(version.key, version)));
