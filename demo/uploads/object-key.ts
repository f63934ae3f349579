import type { UploadCase } from '../matrix/upload-case';

/** Longest key that S3 takes, in bytes of UTF-8: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
export const MAX_KEY_BYTES = 1024;

/** Where an upload of this case puts this file. */
export function objectKey({ folder, shape }: Pick<UploadCase, 'folder' | 'shape'>, fileName: string): string {
  const end = shape === 'ends with a slash' ? '/' : '';
  const room = MAX_KEY_BYTES - Buffer.byteLength(`${folder}/${end}`);
  if (shape !== '1,024 bytes long') return `${folder}/${lastBytes(fileName, room)}${end}`;
  const name = lastBytes(fileName, room - 2);
  return `${folder}/${'k'.repeat(room - Buffer.byteLength(name) - 1)}/${name}`;
}

/** The end of a name tells files apart; whole characters, at most so many bytes. */
function lastBytes(text: string, bytes: number): string {
  const characters = [...text];
  while (Buffer.byteLength(characters.join('')) > bytes) characters.shift();
  return characters.join('');
}
