import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { EncryptionHeaders } from './headers';

/** The smallest part that S3 takes, save the last: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const MIN_PART_BYTES = 5 * 1024 * 1024;

export interface Target {
  readonly Bucket: string;
  readonly Key: string;
  /** User metadata. */
  readonly Metadata?: Record<string, string> | undefined;
}

export interface Written {
  /** HTTP status of the engine's answer. */
  readonly status: number;
  readonly versionId?: string | undefined;
}

const s3 = () => new S3Client({ forcePathStyle: true });

export async function put(target: Target, body: Buffer, headers: EncryptionHeaders): Promise<Written> {
  const answer = await s3().send(new PutObjectCommand({ ...target, Body: body, ContentLength: body.length, ...headers }));
  return { status: statusOf(answer), versionId: answer.VersionId };
}

/** In parts of the smallest size. The encryption is said once, at the beginning: parts cannot name it. */
export async function putInParts(target: Target, body: Buffer, headers: EncryptionHeaders): Promise<Written> {
  const { UploadId } = await s3().send(new CreateMultipartUploadCommand({ ...target, ...headers }));
  const Parts: { ETag: string | undefined; PartNumber: number }[] = [];
  for (let from = 0; from < body.length; from += MIN_PART_BYTES) {
    const PartNumber = Parts.length + 1;
    const part = { ...target, UploadId, PartNumber, Body: body.subarray(from, from + MIN_PART_BYTES) };
    const { ETag } = await s3().send(new UploadPartCommand(part));
    Parts.push({ ETag, PartNumber });
  }
  const answer = await s3().send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
  return { status: statusOf(answer), versionId: answer.VersionId };
}

/** From an object that was written without header, beside the target. */
export async function copyFromGood(target: Target, body: Buffer, headers: EncryptionHeaders): Promise<Written> {
  const source = { ...target, Key: 'source-of-copies' };
  const { versionId = '' } = await put(source, body, {});
  const CopySource = `${source.Bucket}/${source.Key}?versionId=${encodeURIComponent(versionId)}`;
  const answer = await s3().send(new CopyObjectCommand({ ...target, CopySource, ...headers }));
  return { status: statusOf(answer), versionId: answer.VersionId };
}

function statusOf({ $metadata }: { $metadata: { httpStatusCode?: number } }): number {
  return $metadata.httpStatusCode ?? 0;
}
