// The load of bare HTTP: HEAD requests over kept connections, signed or not, without any SDK. The least that Node can do it with.
const { createHash, createHmac } = require('node:crypto');
const http = require('node:http');

const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, SIGNED } = process.env;
const { hostname, port, host } = new URL(AWS_ENDPOINT_URL);
const agent = new http.Agent({ keepAlive: true, maxSockets: 50 });
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const EMPTY = sha256('');
const SIGNED_HEADERS = 'host;x-amz-content-sha256;x-amz-date';

/** For a day, as the SDK keeps it. */
const signingKeys = new Map();
function signingKey(day) {
  const key = signingKeys.get(day) ?? [day, AWS_REGION, 's3', 'aws4_request'].reduce(hmac, `AWS4${AWS_SECRET_ACCESS_KEY}`);
  signingKeys.set(day, key);
  return key;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function signed(path, query) {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const headers = `host:${host}\nx-amz-content-sha256:${EMPTY}\nx-amz-date:${time}\n`;
  const request = ['HEAD', path, query, headers, SIGNED_HEADERS, EMPTY].join('\n');
  const scope = `${day}/${AWS_REGION}/s3/aws4_request`;
  const signature = hmac(signingKey(day), ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${SIGNED_HEADERS}, Signature=${signature}`;
  return { 'x-amz-content-sha256': EMPTY, 'x-amz-date': time, authorization };
}

function head(key) {
  const path = `/bench-bucket/${key}`;
  const query = 'versionId=KSrqvBJuwzSQ9nIChaJPCoRVXsvLzn8o';
  const headers = SIGNED === 'true' ? signed(path, query) : {};
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, agent, method: 'HEAD', path: `${path}?${query}`, headers }, (response) => {
      response.resume().once('end', () => resolve(response.headers['x-amz-server-side-encryption']));
    });
    request.once('error', reject).end();
  });
}

exports.verify = async (keys) => {
  const answers = await Promise.all(keys.map(head));
  if (answers.some((answer) => answer !== 'aws:kms')) throw new Error('not what the stub answers');
};
