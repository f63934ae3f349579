import { keyIdentity } from '../key-identity';
import { type ContentAlgorithm, IV_LENGTH, sizeFault } from './content';
import { base64Length } from './encoded';
import { type EnvelopeVersion, type Fields, PLAINTEXT_LENGTH, versionOf } from './envelope-fields';
import type { Envelope } from './evidence';
import { flatJson } from './flat-json';
import { isWrappedKeyLength, isWrappedKeyLengthOfV1, type WrappingAlgorithm, wrappingAlgorithm, wrappingAlgorithmOfV3 } from './wrapping';

export type JudgedEnvelope =
  | { readonly kind: 'envelope'; readonly envelope: Envelope }
  | { readonly kind: 'malformed'; readonly why: string };

/** Of suite 115: https://github.com/aws/amazon-s3-encryption-client-java/blob/main/src/main/java/software/amazon/encryption/s3/algorithms/AlgorithmSuite.java. */
const COMMITMENT_LENGTH = 28;
/** The encryption context of `kms+context` always has it, so that KMS decrypts the data key for no other algorithm. */
const ALGORITHM_IN_CONTEXT = 'aws:x-amz-cek-alg';
const KMS_KEY_IN_DESCRIPTION = 'kms_cmk_id';

const malformed = (why: string): JudgedEnvelope => ({ kind: 'malformed', why });
const text = (fields: Fields, name: string): string => fields.get(name) ?? '';

/** The envelope that these fields are. Without a size, as in an instruction file on its own, what it says of the size is not judged. */
export function envelopeOf(fields: Fields, size: number | undefined): JudgedEnvelope {
  const found = versionOf(fields);
  if ('fault' in found) return malformed(found.fault);
  const content = contentAlgorithm(found.version, fields);
  if (content === undefined) return malformed(`${found.version} with an unknown content algorithm`);
  const fault = contentFault(content, fields) ?? (size === undefined ? undefined : sizeFault(content, size, fields.get(PLAINTEXT_LENGTH)));
  return fault === undefined ? wrapped(found.version, content, fields) : malformed(`${found.version}: ${fault}`);
}

/** Why the parts of V3 that an instruction file holds cannot be. */
export function faultOfWrappedKeyOfV3(fields: Fields): string | undefined {
  const judged = wrapped('V3', '115', fields);
  return judged.kind === 'malformed' ? judged.why : undefined;
}

/** Why the parts of V3 that always stay with the object cannot be. */
export function faultOfContentOfV3(fields: Fields, size: number): string | undefined {
  const content = contentAlgorithm('V3', fields);
  if (content === undefined) return 'V3 with an unknown content algorithm';
  return contentFault(content, fields) ?? sizeFault(content, size, fields.get(PLAINTEXT_LENGTH));
}

/** Each version has its own: no other may be written with it. */
function contentAlgorithm(version: EnvelopeVersion, fields: Fields): ContentAlgorithm | undefined {
  if (version === 'V1') return 'AES/CBC/PKCS5Padding';
  if (version === 'V3') return fields.get('x-amz-c') === '115' ? '115' : undefined;
  const named = fields.get('x-amz-cek-alg');
  return named === 'AES/GCM/NoPadding' || named === 'AES/CBC/PKCS5Padding' ? named : undefined;
}

function contentFault(content: ContentAlgorithm, fields: Fields): string | undefined {
  if (content === '115') return lengthFault(fields, 'x-amz-i', IV_LENGTH[content]) ?? lengthFault(fields, 'x-amz-d', COMMITMENT_LENGTH);
  const tag = fields.get('x-amz-tag-len');
  if (tag !== (content === 'AES/GCM/NoPadding' ? '128' : undefined)) return `x-amz-tag-len and ${content} do not go together`;
  return lengthFault(fields, 'x-amz-iv', IV_LENGTH[content]);
}

function lengthFault(fields: Fields, name: string, expected: number): string | undefined {
  return base64Length(text(fields, name)) === expected ? undefined : `${name} is not the Base64 of ${expected} bytes`;
}

function wrapped(version: EnvelopeVersion, content: ContentAlgorithm, fields: Fields): JudgedEnvelope {
  const facts = { format: 'Amazon S3 Encryption Client', version, algorithm: content, keyCommitment: content === '115' } as const;
  if (version === 'V1') {
    const fault = isWrappedKeyLengthOfV1(base64Length(text(fields, 'x-amz-key')) ?? 0)
      ? undefined
      : 'the data key has an impossible length';
    const why = fault ?? descriptionFault(undefined, content, described(fields, 'x-amz-matdesc'));
    return why === undefined ? { kind: 'envelope', envelope: { ...facts, ...keyNamedIn(undefined) } } : malformed(`V1: ${why}`);
  }
  const algorithm = version === 'V2' ? wrappingAlgorithm(text(fields, 'x-amz-wrap-alg')) : wrappingAlgorithmOfV3(text(fields, 'x-amz-w'));
  if (algorithm === undefined) return malformed(`${version} with an unknown wrapping algorithm`);
  const length = base64Length(text(fields, version === 'V2' ? 'x-amz-key-v2' : 'x-amz-3')) ?? 0;
  if (!isWrappedKeyLength(algorithm, length)) return malformed(`${version}: a data key of ${length} bytes cannot come of ${algorithm}`);
  const description = version === 'V2' ? described(fields, 'x-amz-matdesc') : descriptionOfV3(algorithm, fields);
  const why = descriptionFault(algorithm, content, description);
  if (why !== undefined) return malformed(`${version}: ${why}`);
  return { kind: 'envelope', envelope: { ...facts, ...keyNamedIn(algorithm === 'kms' ? description : undefined) } };
}

const described = (fields: Fields, name: string): Fields | undefined => flatJson(text(fields, name));

/**
 * V3 has the encryption context apart from other descriptions, either of which may be missing and then is empty. The client for C++ writes
 * the context with every wrapping algorithm; the one in use is judged, and the other must be readable.
 */
function descriptionOfV3(algorithm: WrappingAlgorithm, fields: Fields): Fields | undefined {
  const context = flatJson(fields.get('x-amz-t') ?? '{}');
  const description = flatJson(fields.get('x-amz-m') ?? '{}');
  if (context === undefined || description === undefined) return undefined;
  return algorithm === 'kms+context' ? context : new Map([...description, ...context]);
}

function descriptionFault(
  algorithm: WrappingAlgorithm | undefined,
  content: ContentAlgorithm,
  description: Fields | undefined,
): string | undefined {
  if (description === undefined) return 'the description of the wrapping key is not a JSON object of strings';
  const stated = description.get(ALGORITHM_IN_CONTEXT);
  if (stated !== (algorithm === 'kms+context' ? content : undefined)) {
    return `${ALGORITHM_IN_CONTEXT} of its description does not go with ${content} and ${algorithm ?? 'V1'}`;
  }
  return algorithm === 'kms' && !description.get(KMS_KEY_IN_DESCRIPTION) ? `${KMS_KEY_IN_DESCRIPTION} is missing` : undefined;
}

/** Written as it was given to the client: as an ARN, but also as a bare id or an alias, which name no key for sure. */
function keyNamedIn(description: Fields | undefined): Pick<Envelope, 'wrappingKeyArns' | 'unnamedWrappingKeys'> {
  const key = description?.get(KMS_KEY_IN_DESCRIPTION);
  return key !== undefined && keyIdentity(key).kind === 'key-arn'
    ? { wrappingKeyArns: [key], unnamedWrappingKeys: 0 }
    : { wrappingKeyArns: [], unnamedWrappingKeys: 1 };
}
