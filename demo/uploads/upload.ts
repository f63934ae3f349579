import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { S3ServiceException } from '@aws-sdk/client-s3';
import type { Deployment } from '../deployment';
import type { SourceFile } from '../files';
import type { UploadCase } from '../matrix/upload-case';
import { disableKey } from './foreign-keys';
import { type CustomerKey, customerKeyOf, type EncryptionHeaders, encryptionHeaders } from './headers';
import { objectKey } from './object-key';
import { sealed } from './sealed';
import { copyFromGood, MIN_PART_BYTES, put, putInParts, type Target, type Written } from './write';

/** What was written, to compare with what is found later. */
export interface Content {
  readonly size: number;
  readonly sha256: string;
}

/** One object of the demo and how its upload went. */
export interface Upload extends Written {
  readonly case: UploadCase;
  readonly bucket: string;
  readonly key: string;
  readonly content: Content;
  /** When the engine had answered, in milliseconds since 1970. */
  readonly answeredAt: number;
  /** What the upload asked for. */
  readonly headers: EncryptionHeaders;
  readonly customerKey?: CustomerKey | undefined;
  /** The good version that this one was laid over. */
  readonly good?: Written & { readonly content: Content };
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
  const target = { Bucket: bucketOf(uploadCase, deployment), Key: objectKey(uploadCase, file.name) };
  const { body, metadata } = await sealed(uploadCase.content, bodyFor(uploadCase, readFileSync(file.path)));
  const headers = await encryptionHeaders(uploadCase, deployment);
  const good = uploadCase.manner === 'overwrite' ? await layGoodOne(target, body) : undefined;
  const written = await answerTo(() => write(uploadCase, { ...target, Metadata: metadata }, body, headers));
  const answeredAt = Date.now();
  if (uploadCase.header === 'aws:kms, disabled key' && headers.SSEKMSKeyId !== undefined) await disableKey(headers.SSEKMSKeyId);
  const { Bucket: bucket, Key: key } = target;
  return {
    case: uploadCase,
    bucket,
    key,
    content: contentOf(body),
    ...written,
    answeredAt,
    headers,
    customerKey: customerKeyOf(headers),
    good,
  };
}

function bucketOf({ bucket }: UploadCase, deployment: Deployment): string {
  const name = deployment[bucket];
  if (name === undefined) throw new Error(`The demo uploads to ${bucket}, which it did not deploy.`);
  return name;
}

function write({ manner }: UploadCase, target: Target, body: Buffer, headers: EncryptionHeaders): Promise<Written> {
  switch (manner) {
    case 'put':
    case 'overwrite':
    case 'zero bytes':
      return put(target, body, headers);
    case 'multipart':
      return putInParts(target, body, headers);
    case 'copy':
      return copyFromGood(target, body, headers);
  }
}

/** The file, or for the cases that need another size what can be made of it. */
function bodyFor({ manner }: UploadCase, file: Buffer): Buffer {
  if (manner === 'zero bytes') return Buffer.alloc(0);
  // Two parts at least: a whole one, and the file as the end.
  return manner === 'multipart' ? Buffer.concat([Buffer.alloc(MIN_PART_BYTES, 'part one '), file]) : file;
}

async function layGoodOne(target: Target, body: Buffer): Promise<Upload['good']> {
  const content = Buffer.concat([Buffer.from('the good version of '), body]);
  return { ...(await put(target, content, {})), content: contentOf(content) };
}

/** A refusal is an answer too; only what is no answer at all is an error. */
async function answerTo(request: () => Promise<Written>): Promise<Written> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof S3ServiceException) return { status: error.$metadata.httpStatusCode ?? 0 };
    throw error;
  }
}

export function contentOf(bytes: Uint8Array): Content {
  return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

export function isRefused({ status }: Pick<Upload, 'status'>): boolean {
  return status >= 300;
}
