import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PutObjectCommand, type PutObjectCommandInput, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { Deployment } from './deployment';
import type { SourceFile } from './files';
import type { UploadCase, UploadKind } from './upload-matrix';

export interface CustomerKey {
  readonly SSECustomerAlgorithm: string;
  readonly SSECustomerKey: string;
}

/** One object of the demo and how its upload went. */
export interface Upload {
  readonly case: UploadCase;
  readonly bucket: string;
  readonly key: string;
  readonly file: SourceFile;
  readonly size: number;
  /** HTTP status of the engine's answer. */
  readonly status: number;
  /** Absent where the engine refused. */
  readonly versionId?: string;
  /** When the engine had answered, in milliseconds since 1970. */
  readonly answeredAt: number;
  /** Needed to look at the object again. */
  readonly customerKey?: CustomerKey;
}

/** Each case once, and each file once: the shorter list starts over. */
export function planUploads(cases: readonly UploadCase[], files: readonly SourceFile[]): [UploadCase, SourceFile][] {
  const count = Math.max(cases.length, files.length);
  return Array.from({ length: count }, (_, index) => [at(cases, index), at(files, index)]);
}

function at<T>(list: readonly T[], index: number): T {
  const element = list[index % list.length];
  if (element === undefined) throw new Error('There is nothing to choose from.');
  return element;
}

export async function upload(uploadCase: UploadCase, file: SourceFile, deployment: Deployment): Promise<Upload> {
  const body = readFileSync(file.path);
  const bucket = deployment[uploadCase.bucket];
  const key = `${uploadCase.folder}/${file.name}`;
  const headers = encryptionHeaders(uploadCase.upload, deployment);
  const answer = await put({ Bucket: bucket, Key: key, Body: body, ...headers });
  const customerKey = 'SSECustomerKey' in headers ? headers : undefined;
  return { case: uploadCase, bucket, key, file, size: body.length, ...answer, answeredAt: Date.now(), customerKey };
}

/** A refusal is an answer too; only what is no answer at all is an error. */
async function put(input: PutObjectCommandInput): Promise<Pick<Upload, 'status' | 'versionId'>> {
  try {
    const answer = await new S3Client({ forcePathStyle: true }).send(new PutObjectCommand(input));
    return { status: answer.$metadata.httpStatusCode ?? 0, versionId: answer.VersionId };
  } catch (error) {
    if (error instanceof S3ServiceException) return { status: error.$metadata.httpStatusCode ?? 0 };
    throw error;
  }
}

type EncryptionHeaders = Pick<PutObjectCommandInput, 'ServerSideEncryption' | 'SSEKMSKeyId'> | CustomerKey;

function encryptionHeaders(kind: UploadKind, deployment: Deployment): EncryptionHeaders {
  switch (kind) {
    case 'no header':
      return {};
    case 'AES256':
      return { ServerSideEncryption: 'AES256' };
    case 'aws:kms, right key':
      return { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: deployment.KmsBucketKey };
    case 'aws:kms, other key':
      return { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: deployment.OtherKey };
    case 'aws:kms, no key':
      return { ServerSideEncryption: 'aws:kms' };
    case 'aws:kms:dsse, right key':
      return { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: deployment.KmsBucketKey };
    case 'SSE-C':
      // The SDK adds the key's MD5.
      return { SSECustomerAlgorithm: 'AES256', SSECustomerKey: randomBytes(32).toString('base64') };
  }
}
