// Stands for S3, SSM and EventBridge, as a process of its own: keeps versions of objects, does with them what it is told, and counts that.
// node versioned-stub.cjs '{"rule": RULE, "size": BYTES}'
const http = require('node:http');
const { Refused, Versions } = require('./versions.cjs');

const { rule, size } = JSON.parse(process.argv[2]);
const BUCKET = 'bench-bucket';
const versions = new Versions({ bucket: BUCKET, size, etag: '"b1946ac92492d2347c6235b4d2611184"' });
/** Requests by kind; bytes; what S3 tells EventBridge of the bucket, and what the handler tells it. */
const asked = { requests: {}, bytesCopied: 0, bytesQuarantined: 0, dsseWrites: 0, s3Events: 0, announced: 0, outcomes: {} };
/** Of the bucket, and not told to the handler yet. */
let untold = [];

const count = (counts, name) => {
  counts[name] = (counts[name] ?? 0) + 1;
};

/** What S3 says of a version; its checksum only to those that ask. */
function described({ versionId, etag, size: length, encryption, lastModified }, withChecksum) {
  const { scheme, keyArn, bucketKey } = encryption;
  return {
    'x-amz-id-2': 'qnbbxQvv0pVDvCgcNTLfRqY5PLYUAZe0MIsbLBbZ2iYdxZ8vqVMPvlBp/P8tkzLoHlNDBDdCAKQ=',
    'x-amz-request-id': '6SJG3E1SEXAMPLE0',
    'last-modified': lastModified.toUTCString(),
    etag,
    'x-amz-server-side-encryption': scheme,
    ...(keyArn && { 'x-amz-server-side-encryption-aws-kms-key-id': keyArn }),
    ...(bucketKey && { 'x-amz-server-side-encryption-bucket-key-enabled': 'true' }),
    'x-amz-version-id': versionId,
    ...(withChecksum && { 'x-amz-checksum-crc64nvme': 'Ag6hYRZqbWk=', 'x-amz-checksum-type': 'FULL_OBJECT' }),
    'accept-ranges': 'bytes',
    'content-type': 'binary/octet-stream',
    'content-length': `${length}`,
    server: 'AmazonS3',
  };
}

function encryptionIn(headers) {
  return {
    scheme: headers['x-amz-server-side-encryption'],
    keyArn: headers['x-amz-server-side-encryption-aws-kms-key-id'],
    bucketKey: headers['x-amz-server-side-encryption-bucket-key-enabled'] === 'true',
  };
}

const tag = (name, text) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';
const xml = (text) => `<?xml version="1.0" encoding="UTF-8"?>\n${text}`;

function written(object, version) {
  if (version.encryption.scheme === 'aws:kms:dsse') asked.dsseWrites++;
  if (object.bucket !== BUCKET) {
    asked.bytesQuarantined += version.size;
    return;
  }
  asked.s3Events++;
  const { versionId, etag, lastModified } = version;
  untold.push({ key: object.key, versionId, etag: etag.replaceAll('"', ''), time: lastModified.toISOString() });
}

const S3 = {
  HeadObject: ({ object, headers }) => ({ headers: described(versions.find(object), headers['x-amz-checksum-mode'] === 'ENABLED') }),
  GetObjectTagging: ({ object }) => {
    const { versionId } = versions.find(object);
    return { headers: { 'x-amz-version-id': versionId }, body: xml('<Tagging><TagSet></TagSet></Tagging>') };
  },
  UpdateObjectEncryption: ({ object, body }) => {
    versions.rekey(object, tag('KMSKeyArn', body), tag('BucketKeyEnabled', body) === 'true');
    return {};
  },
  CopyObject: ({ object, headers }) => {
    const [, bucket, key, versionId] = /^\/?([^/]+)\/(.*?)(?:\?versionId=(.*))?$/.exec(decodeURIComponent(headers['x-amz-copy-source']));
    const ifMatch = [headers['x-amz-copy-source-if-match'], headers['if-match']];
    const version = versions.copy({ bucket, key, versionId }, ifMatch[0], object, ifMatch[1], encryptionIn(headers));
    asked.bytesCopied += version.size;
    written(object, version);
    const result = `<ETag>${version.etag}</ETag><LastModified>${version.lastModified.toISOString()}</LastModified>`;
    return { headers: { 'x-amz-version-id': version.versionId }, body: xml(`<CopyObjectResult>${result}</CopyObjectResult>`) };
  },
  PutObject: ({ object, headers, body }) => {
    const version = versions.put(object, Buffer.byteLength(body), encryptionIn(headers));
    written(object, version);
    return { headers: { etag: version.etag, 'x-amz-version-id': version.versionId } };
  },
  DeleteObject: ({ object }) => {
    if (versions.remove(object) && object.bucket === BUCKET) asked.s3Events++;
    return { status: 204 };
  },
};

function kindOf(method, query, headers) {
  if (method === 'HEAD') return 'HeadObject';
  if (method === 'GET' && query.has('tagging')) return 'GetObjectTagging';
  if (method === 'DELETE' && !query.has('tagging')) return 'DeleteObject';
  if (method !== 'PUT' || query.has('tagging') || query.has('uploadId')) return 'other';
  if (query.has('encryption')) return 'UpdateObjectEncryption';
  return headers['x-amz-copy-source'] === undefined ? 'PutObject' : 'CopyObject';
}

function s3Answer({ method, url, headers }, body) {
  const { pathname, searchParams } = new URL(url, 'http://stub');
  const kind = kindOf(method, searchParams, headers);
  count(asked.requests, kind);
  const [, bucket, key] = /^\/([^/]+)\/(.*)$/.exec(decodeURIComponent(pathname)) ?? [];
  const object = { bucket, key, versionId: searchParams.get('versionId') ?? undefined };
  try {
    if (S3[kind] === undefined) throw new Refused(501, 'NotImplemented');
    return S3[kind]({ object, headers, body });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const text = xml(`<Error><Code>${error.message}</Code><Message>${error.message}</Message></Error>`);
    return { status: error.status, body: method === 'HEAD' ? '' : text };
  }
}

const json = (answer) => ({ headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(answer) });

function putEvents(body) {
  const { Entries } = JSON.parse(body);
  asked.announced += Entries.length;
  const { outcome, reducedBecause } = JSON.parse(Entries[0].Detail);
  count(asked.outcomes, reducedBecause === undefined ? outcome : `${outcome}, because ${reducedBecause}`);
  return json({ FailedEntryCount: 0, Entries: Entries.map((_, position) => ({ EventId: `${position}` })) });
}

function answerTo(request, body) {
  const target = request.headers['x-amz-target'];
  if (target === 'AmazonSSM.GetParameter') return json({ Parameter: { Name: 'rule', Type: 'String', Value: rule, Version: 1 } });
  if (target === 'AWSEvents.PutEvents') return putEvents(body);
  if (request.method !== 'GET' || request.url !== '/') return s3Answer(request, body);
  const told = untold;
  untold = [];
  return json(told);
}

const server = http.createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { status = 200, headers = {}, body = '' } = answerTo(request, Buffer.concat(chunks).toString());
  response.writeHead(status, headers).end(body);
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', () => process.send({ asked }));
// Its parent is gone, and with it whoever asks.
process.on('disconnect', () => process.exit());
