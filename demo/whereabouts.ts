import { readFileSync } from 'node:fs';
import { GetObjectCommand, GetObjectTaggingCommand, HeadObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { Deployment } from './deployment';
import type { Upload } from './upload';
import type { Location } from './upload-matrix';

/** The tag that the enforcer promises for objects that it cannot move. Written out here, for this is a check of it. */
const VIOLATION_TAG = 's3-encryption-guard:violation';

/** Where an object is, or in words what is wrong with where it is. */
export type Whereabouts = Location | `LOST: ${string}`;

/** Looks the object up in both buckets. The log's word says where to look for the copy, never that it is there. */
export async function whereaboutsOf(upload: Upload, loggedLocation: string | undefined, deployment: Deployment): Promise<Whereabouts> {
  const size = await sizeInItsBucket(upload);
  if (size === undefined) return copyInQuarantine(upload, loggedLocation, deployment);
  if (size !== upload.size) return `LOST: has ${size} bytes instead of ${upload.size}`;
  return (await isTagged(upload)) ? 'its bucket, tagged' : 'its bucket';
}

const s3 = () => new S3Client({ forcePathStyle: true });

async function sizeInItsBucket(upload: Upload): Promise<number | undefined> {
  const object = { Bucket: upload.bucket, Key: upload.key, VersionId: upload.versionId };
  const head = await unlessGone(s3().send(new HeadObjectCommand({ ...object, ...upload.customerKey })));
  return head?.ContentLength;
}

async function isTagged(upload: Upload): Promise<boolean> {
  const object = { Bucket: upload.bucket, Key: upload.key, VersionId: upload.versionId };
  const { TagSet = [] } = await s3().send(new GetObjectTaggingCommand(object));
  return TagSet.some((tag) => tag.Key === VIOLATION_TAG);
}

/** The copy must be in the quarantine bucket, under its key, and the same to the last byte. */
async function copyInQuarantine(upload: Upload, location: string | undefined, deployment: Deployment): Promise<Whereabouts> {
  const prefix = `s3://${deployment.QuarantineBucket}/`;
  if (!location?.startsWith(prefix)) return `LOST: not in its bucket, and the log says ${location ?? 'nothing'}`;
  const copied = { Bucket: deployment.QuarantineBucket, Key: location.slice(prefix.length) };
  const copy = await unlessGone(s3().send(new GetObjectCommand(copied)));
  if (!copy?.Body) return `LOST: no copy at ${location}`;
  const bytes = await copy.Body.transformToByteArray();
  if (!readFileSync(upload.file.path).equals(bytes)) return 'LOST: the copy in quarantine is another content';
  if (copy.SSEKMSKeyId !== deployment.QuarantineKey) return `LOST: the copy is under ${copy.SSEKMSKeyId ?? 'no key'}`;
  return 'quarantine';
}

async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    // 405 is how S3 speaks of a delete marker.
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status === 404 || status === 405) return undefined;
    throw error;
  }
}
