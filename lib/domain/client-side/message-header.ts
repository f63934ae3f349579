import { keyIdentity } from '../key-identity';
import { ByteReader, OutOfBytes } from './byte-reader';
import { IV_BYTES, type MessageSuite, messageSuite, TAG_BYTES } from './message-suite';
import { isKmsCiphertextLength } from './wrapping';

/** What makes a header impossible. */
export class HeaderFault extends Error {}

export interface MessageHeader {
  readonly suite: MessageSuite;
  /** 0, if the body is one piece. */
  readonly frameLength: number;
  /** With its authentication, in bytes. */
  readonly length: number;
  readonly wrappingKeyArns: readonly string[];
  readonly unnamedWrappingKeys: number;
}

const MESSAGE_TYPE = 0x80;
const MESSAGE_ID_BYTES = { 1: 16, 2: 32 } as const;
/** What suites with key commitment have besides: the commitment. */
const SUITE_DATA_BYTES = 32;
/** The context of a message that is signed names the key that verifies it; of no other. */
const PUBLIC_KEY = 'aws-crypto-public-key';
/** Of raw AES keyrings: length of the tag in bits, of the IV in bytes; the IV follows. */
const RAW_AES_LENGTHS = [0, 0, 0, 8 * TAG_BYTES, 0, 0, 0, IV_BYTES];

/** Whether these bytes begin as a message does. Anything else is none, not a bad one. */
export function beginsAsMessage(bytes: Uint8Array): boolean {
  const [version, second] = bytes;
  return (version === 1 && second === MESSAGE_TYPE) || (version === 2 && (second === 4 || second === 5));
}

/**
 * Reads the header of a message:
 * https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/data-format/message-header.md.
 * @throws HeaderFault for what no client writes, OutOfBytes where the header goes on
 */
export function messageHeader(reader: ByteReader): MessageHeader {
  const version = reader.uint8() === 1 ? 1 : 2;
  if (version === 1) reader.uint8();
  const id = reader.uint16();
  const suite = messageSuite(version, id) ?? fault(`no suite of version ${version} is ${id.toString(16).padStart(4, '0')}`);
  reader.next(MESSAGE_ID_BYTES[version]);
  const context = encryptionContext(reader.sized());
  if (context.has(PUBLIC_KEY) !== suite.longestSignature > 0) {
    fault(`the encryption context ${context.has(PUBLIC_KEY) ? 'has' : 'lacks'} ${PUBLIC_KEY}, with suite ${suite.name}`);
  }
  const keys = dataKeys(reader, suite);
  const frameLength = version === 1 ? framesOfVersion1(reader) : framesOfVersion2(reader);
  reader.next(version === 1 ? IV_BYTES + TAG_BYTES : TAG_BYTES);
  return { suite, frameLength, length: reader.position, ...keys };
}

function fault(why: string): never {
  throw new HeaderFault(why);
}

/** Not the order of its entries: the SDK for JavaScript sorts them by another rule than the specification's. */
function encryptionContext(bytes: Uint8Array): ReadonlyMap<string, string> {
  if (bytes.length === 0) return new Map();
  const reader = new ByteReader(bytes);
  try {
    return contextEntries(reader, bytes.length);
  } catch (error) {
    if (error instanceof OutOfBytes) return fault('the encryption context is longer than its length');
    throw error;
  }
}

function contextEntries(reader: ByteReader, length: number): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  const count = reader.uint16();
  if (count === 0) fault('the encryption context is empty and has a length');
  for (let entry = 0; entry < count; entry += 1) {
    const key = text(reader.sized(), 'the encryption context');
    if (entries.has(key)) fault('the encryption context has a name twice');
    entries.set(key, text(reader.sized(), 'the encryption context'));
  }
  if (reader.position !== length) fault('the encryption context is shorter than its length');
  return entries;
}

function text(bytes: Uint8Array, of: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return fault(`${of} is not UTF-8`);
  }
}

function dataKeys(reader: ByteReader, suite: MessageSuite): Pick<MessageHeader, 'wrappingKeyArns' | 'unnamedWrappingKeys'> {
  const count = reader.uint16();
  if (count === 0) fault('it has no encrypted data key');
  const arns = Array.from({ length: count }, () => wrappingKey(reader, suite));
  const wrappingKeyArns = arns.filter((arn) => arn !== undefined);
  return { wrappingKeyArns, unnamedWrappingKeys: count - wrappingKeyArns.length };
}

/** Its ARN, where the provider is KMS: a key of another kind is named as its owner likes. */
function wrappingKey(reader: ByteReader, suite: MessageSuite): string | undefined {
  const provider = text(reader.sized(), 'the provider of a data key');
  if (provider === '') fault('a data key has no provider');
  const info = reader.sized();
  const length = reader.sized().length;
  if (length < suite.keyLength) fault(`a data key of ${suite.keyLength} bytes is wrapped in ${length}`);
  if (isRawAes(info) && length !== suite.keyLength + TAG_BYTES)
    fault(`raw AES makes no ${length} bytes of a data key of ${suite.keyLength}`);
  if (provider !== 'aws-kms' && provider !== 'aws-kms-rsa') return undefined;
  const arn = text(info, 'the ARN of a wrapping key');
  if (keyIdentity(arn).kind !== 'key-arn') fault(`the provider ${provider} names no key by its ARN`);
  if (!isKmsCiphertextLength(length)) fault(`KMS makes no ciphertext of ${length} bytes`);
  return arn;
}

function isRawAes(info: Uint8Array): boolean {
  const lengths = info.subarray(-IV_BYTES - RAW_AES_LENGTHS.length, -IV_BYTES);
  return lengths.length === RAW_AES_LENGTHS.length && RAW_AES_LENGTHS.every((byte, index) => lengths[index] === byte);
}

function framesOfVersion1(reader: ByteReader): number {
  const contentType = reader.uint8();
  if (reader.uint32() !== 0) fault('the reserved bytes are not zeros');
  const ivLength = reader.uint8();
  if (ivLength !== IV_BYTES) fault(`an IV of ${ivLength} bytes`);
  return frames(contentType, reader.uint32());
}

function framesOfVersion2(reader: ByteReader): number {
  const length = frames(reader.uint8(), reader.uint32());
  reader.next(SUITE_DATA_BYTES);
  return length;
}

function frames(contentType: number, length: number): number {
  if (contentType !== 1 && contentType !== 2) fault(`no content type is ${contentType}`);
  if ((contentType === 1) !== (length === 0)) fault(`content type ${contentType} with frames of ${length} bytes`);
  return length;
}
