// The object versions of versioned buckets, as far as the handler asks for them, with S3's conditions and refusals. Content is a size.

/** An answer of S3 that is none of success: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
class Refused extends Error {
  constructor(status, code) {
    super(code);
    this.status = status;
  }
}

/** Of a bucket with an S3 Bucket Key, which DSSE-KMS has none of. */
const SSE_S3 = { scheme: 'AES256' };

class Versions {
  /** @param uploaded - bucket, ETag and size of the object that is there under every key until it is asked for */
  constructor(uploaded) {
    this.uploaded = uploaded;
    this.buckets = new Map();
    this.made = 0;
  }

  /** Oldest first. */
  of({ bucket, key, versionId }) {
    if (!this.buckets.has(bucket)) this.buckets.set(bucket, new Map());
    const keys = this.buckets.get(bucket);
    if (!keys.has(key)) keys.set(key, bucket === this.uploaded.bucket && versionId ? [this.upload(versionId)] : []);
    return keys.get(key);
  }

  upload(versionId) {
    const { etag, size } = this.uploaded;
    return { versionId, etag, size, encryption: SSE_S3, lastModified: new Date('2026-11-12T00:00:00Z') };
  }

  /** @throws Refused where there is none */
  find(object) {
    const versions = this.of(object);
    const found = object.versionId === undefined ? versions.at(-1) : versions.find(({ versionId }) => versionId === object.versionId);
    if (found === undefined) throw new Refused(404, object.versionId === undefined ? 'NoSuchKey' : 'NoSuchVersion');
    return found;
  }

  /** The new version lies on top. */
  put(object, size, encryption) {
    const id = String(++this.made);
    const version = { versionId: id.padStart(32, 'v'), etag: `"${id.padStart(32, '0')}"`, size, encryption, lastModified: new Date() };
    this.of(object).push(version);
    return version;
  }

  /** @throws Refused where a condition does not hold: the source has another ETag, or the newest version of the target has */
  copy(source, sourceIfMatch, target, ifMatch, encryption) {
    const original = this.find(source);
    if (sourceIfMatch !== undefined && original.etag !== sourceIfMatch) throw new Refused(412, 'PreconditionFailed');
    if (ifMatch !== undefined && this.find(target).etag !== ifMatch) throw new Refused(412, 'PreconditionFailed');
    return this.put(target, original.size, encryption);
  }

  /**
   * The version stays what it is but for its encryption: https://docs.aws.amazon.com/AmazonS3/latest/userguide/update-sse-encryption.html
   *
   * @throws Refused for what S3 does not re-key
   */
  rekey(object, keyArn, bucketKey) {
    const version = this.find(object);
    const canBe = version.encryption.scheme === 'AES256' || version.encryption.scheme === 'aws:kms';
    if (!canBe || !/^arn:aws:kms:.+:key\//.test(keyArn)) throw new Refused(400, 'InvalidRequest');
    version.encryption = { scheme: 'aws:kms', keyArn, bucketKey };
    return version;
  }

  /** A version for good; S3 answers alike where there is none. Returns whether there was one. */
  remove(object) {
    if (object.versionId === undefined) throw new Refused(501, 'NotImplemented');
    const versions = this.of(object);
    const position = versions.findIndex(({ versionId }) => versionId === object.versionId);
    if (position !== -1) versions.splice(position, 1);
    return position !== -1;
  }
}

module.exports = { Refused, Versions };
