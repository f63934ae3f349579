import type { ByteReader } from './byte-reader';
import type { MessageHeader } from './message-header';
import { IV_BYTES, TAG_BYTES } from './message-suite';

const SEQUENCE_NUMBER_BYTES = 4;
const FINAL_FRAME = 0xffffffff;
/** Besides the content of a frame; the last one has its mark and its length as well. */
const FRAME_BYTES = SEQUENCE_NUMBER_BYTES + IV_BYTES + TAG_BYTES;
const FINAL_FRAME_BYTES = FRAME_BYTES + 4 + 4;
const ONE_PIECE_BYTES = IV_BYTES + 8 + TAG_BYTES;
/** https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/data-format/message-body.md#non-framed-data-encrypted-content-length. */
const ONE_PIECE_MAXIMUM = 2 ** 36 - 32;
/** Two integers of at least one byte each, as DER. */
const SHORTEST_SIGNATURE = 8;

/**
 * Why the body that begins here cannot be that of the header: by the length that its first piece states, and by the size of the object.
 * @throws OutOfBytes where even that beginning is missing
 */
export function bodyFault(reader: ByteReader, header: MessageHeader, size: number): string | undefined {
  const { longestSignature } = header.suite;
  const rest = size - header.length;
  // With the two bytes that hold its length.
  const body =
    longestSignature > 0 ? { least: rest - 2 - longestSignature, most: rest - 2 - SHORTEST_SIGNATURE } : { least: rest, most: rest };
  return header.frameLength === 0 ? onePieceFault(reader, body) : framesFault(reader, header.frameLength, body);
}

/** How long the body may be: what is left for it beside a signature, whose length varies. */
interface BodyLength {
  readonly least: number;
  readonly most: number;
}

function lengthFault(length: number, body: BodyLength): string | undefined {
  return length >= body.least && length <= body.most ? undefined : `a body of ${length} bytes does not end where the object does`;
}

function onePieceFault(reader: ByteReader, body: BodyLength): string | undefined {
  reader.next(IV_BYTES);
  const content = reader.uint64();
  return content > ONE_PIECE_MAXIMUM ? `one piece of ${content} bytes` : lengthFault(ONE_PIECE_BYTES + content, body);
}

function framesFault(reader: ByteReader, frameLength: number, body: BodyLength): string | undefined {
  const mark = reader.uint32();
  if (mark === FINAL_FRAME) return onlyFrameFault(reader, frameLength, body);
  if (mark !== 1) return `its first frame has the number ${mark}`;
  const frame = FRAME_BYTES + frameLength;
  if (body.most < frame + FINAL_FRAME_BYTES) return 'the object ends before its last frame';
  // Whole frames, and a last one of at most their length.
  const overhang = (body.least - FINAL_FRAME_BYTES) % frame;
  return body.least === body.most && overhang > frameLength ? 'its frames do not end where the object does' : undefined;
}

function onlyFrameFault(reader: ByteReader, frameLength: number, body: BodyLength): string | undefined {
  const number = reader.uint32();
  if (number !== 1) return `its first frame has the number ${number}`;
  reader.next(IV_BYTES);
  const content = reader.uint32();
  return content > frameLength ? `a last frame of ${content} bytes, of ${frameLength}` : lengthFault(FINAL_FRAME_BYTES + content, body);
}
