import { ByteReader, OutOfBytes } from './byte-reader';
import type { ClientSideEvidence } from './evidence';
import { bodyFault } from './message-body';
import { beginsAsMessage, HeaderFault, messageHeader } from './message-header';

/** How much of an object has to be read to judge it; all of it, where it is smaller. */
export const MESSAGE_HEAD_BYTES = 4096;

/**
 * A message of the AWS Encryption SDK, by its header and how its body begins. `size` is that of the whole object. A header that goes on
 * beyond the bytes that were read is not judged by its part: what is not seen may make it impossible, or name another key.
 */
export function classifyMessage(firstBytes: Uint8Array, size: number): ClientSideEvidence {
  if (!beginsAsMessage(firstBytes)) return { kind: 'none' };
  if (firstBytes.length > size) return malformed(`${firstBytes.length} bytes were read of ${size}`);
  const reader = new ByteReader(firstBytes);
  try {
    const header = messageHeader(reader);
    const why = bodyFault(reader, header, size);
    if (why !== undefined) return malformed(why);
    const { suite, wrappingKeyArns, unnamedWrappingKeys } = header;
    const key = { keyCommitment: suite.version === 2, wrappingKeyArns, unnamedWrappingKeys };
    return { kind: 'envelope', envelope: { format: 'AWS Encryption SDK', version: `${suite.version}`, algorithm: suite.name, ...key } };
  } catch (error) {
    if (error instanceof HeaderFault) return malformed(error.message);
    if (!(error instanceof OutOfBytes)) throw error;
    const all = firstBytes.length === size;
    return malformed(
      all ? 'the object ends within it' : `it goes on after the ${firstBytes.length} bytes that were read, and cannot be judged`,
    );
  }
}

const malformed = (why: string): ClientSideEvidence => ({ kind: 'malformed', why: `message of the AWS Encryption SDK: ${why}` });
