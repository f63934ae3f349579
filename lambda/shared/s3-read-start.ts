import type { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { RetryableError } from './errors';
import type { ObjectVersion, ReadAnswer } from './object-store';
import { isEmptyRange, unreadable } from './s3-errors';
import { address } from './s3-requests';

/** The first bytes of an object, however large it is. */
export async function readStart(client: S3Client, object: ObjectVersion, bytes: number, etag: string | undefined): Promise<ReadAnswer> {
  const request = { ...address(object), Range: `bytes=0-${bytes - 1}`, ...(etag !== undefined && { IfMatch: etag }) };
  try {
    const answer = await client.send(new GetObjectCommand(request));
    return { status: 'read', bytes: await startOf(answer.Body as Readable | undefined, bytes), size: wholeSizeOf(answer) };
  } catch (error) {
    return isEmptyRange(error) ? { status: 'read', bytes: new Uint8Array(), size: 0 } : unreadable(error);
  }
}

/** An S3 that does not know ranges sends everything: what was not asked for is left unread, whatever its size. */
async function startOf(body: Readable | undefined, most: number): Promise<Uint8Array> {
  if (body === undefined) throw new RetryableError('GetObject answered without content');
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    // Ends the stream, too.
    if (length >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}

/** `bytes 0-4095/146515`; without a range, S3 sends all there is. */
function wholeSizeOf({ ContentRange = '', ContentLength = 0 }: GetObjectCommandOutput): number {
  const [, whole = ContentLength] = /\/(\d+)$/.exec(ContentRange) ?? [];
  return Number(whole);
}
