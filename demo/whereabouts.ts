import { GetObjectCommand, GetObjectTaggingCommand, HeadObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { Deployment } from './deployment';
import { KEY_OUTPUTS, type Location } from './matrix/upload-case';
import { contentOf, type Upload } from './uploads/upload';

/** The tag that the enforcer promises for objects that it cannot move. Written out here, for this is a check of it. */
const VIOLATION_TAG = 's3-encryption-guard:violation';

/** Where an object is, or in words what is wrong with where it is. */
export type Whereabouts = Location | `LOST: ${string}`;

/** Looks the object up in both buckets. The log's word says where to look for the copy, never that it is there. */
export async function whereaboutsOf(upload: Upload, loggedLocation: string | undefined, deployment: Deployment): Promise<Whereabouts> {
  const head = await headInItsBucket(upload);
  const size = head?.ContentLength;
  if (head === undefined || size === undefined) return movedTo(upload, loggedLocation, deployment);
  if (size !== upload.content.size) return `LOST: has ${size} bytes instead of ${upload.content.size}`;
  if (await isTagged(upload)) return 'its bucket, tagged';
  const key = KEY_OUTPUTS[upload.case.bucket];
  const isMended = upload.headers.ServerSideEncryption === 'AES256' && key !== undefined && head.SSEKMSKeyId === deployment[key];
  return isMended ? 'its bucket, as required' : 'its bucket';
}

const s3 = () => new S3Client({ forcePathStyle: true });

async function headInItsBucket(upload: Upload) {
  const object = { Bucket: upload.bucket, Key: upload.key, VersionId: upload.versionId };
  return unlessGone(s3().send(new HeadObjectCommand({ ...object, ...upload.customerKey })));
}

async function isTagged(upload: Upload): Promise<boolean> {
  const object = { Bucket: upload.bucket, Key: upload.key, VersionId: upload.versionId };
  const { TagSet = [] } = await s3().send(new GetObjectTaggingCommand(object));
  return TagSet.some((tag) => tag.Key === VIOLATION_TAG);
}

/** Gone from its bucket: then the copy must be there, and what it was laid over must be seen again. */
async function movedTo(upload: Upload, location: string | undefined, deployment: Deployment): Promise<Whereabouts> {
  const wrongWithCopy = await faultOfCopy(upload, location, deployment);
  if (wrongWithCopy !== undefined) return `LOST: ${wrongWithCopy}`;
  if (upload.good === undefined) return 'quarantine';
  const current = await read({ Bucket: upload.bucket, Key: upload.key });
  if (current === undefined) return 'LOST: in quarantine, but the good version below it is gone';
  const isGood = current.versionId === upload.good.versionId && current.sha256 === upload.good.content.sha256;
  return isGood ? 'quarantine, good one back' : 'LOST: in quarantine, but its bucket now shows another than the good version';
}

/** The copy must be in the quarantine bucket, under its key, and the same to the last byte. */
async function faultOfCopy({ content }: Upload, location: string | undefined, deployment: Deployment): Promise<string | undefined> {
  const prefix = `s3://${deployment.QuarantineBucket}/`;
  if (!location?.startsWith(prefix)) return `not in its bucket, and the log says ${location ?? 'nothing'}`;
  const copy = await read({ Bucket: deployment.QuarantineBucket, Key: location.slice(prefix.length) });
  if (copy === undefined) return `no copy at ${location}`;
  if (copy.sha256 !== content.sha256) return 'the copy in quarantine is another content';
  return copy.keyArn === deployment.QuarantineKey ? undefined : `the copy is under ${copy.keyArn ?? 'no key'}`;
}

/** What readers get there now. */
export function contentAt(bucket: string, key: string) {
  return read({ Bucket: bucket, Key: key });
}

async function read(object: { Bucket: string; Key: string }) {
  const answer = await unlessGone(s3().send(new GetObjectCommand(object)));
  if (answer?.Body === undefined) return undefined;
  const { sha256 } = contentOf(await answer.Body.transformToByteArray());
  return { sha256, versionId: answer.VersionId, keyArn: answer.SSEKMSKeyId };
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
