import {
  CONTENT_FIELDS_OF_V3,
  envelopeFieldsIn,
  type Fields,
  hasExactly,
  INSTRUCTION_FILE_MARKER,
  isEnvelopeField,
  PLAINTEXT_LENGTH,
  versionOf,
} from './envelope-fields';
import type { ClientSideEvidence } from './evidence';
import { flatJson } from './flat-json';
import { fieldsOf, type ObjectFacts } from './metadata';
import { envelopeOf, faultOfWrappedKeyOfV3 } from './s3-encryption-client';

/** More than the longest ciphertext of KMS and encryption context come to in practice, and too little to hide data in. */
export const MAX_INSTRUCTION_FILE_BYTES = 16 * 1024;

/** What the Amazon S3 Encryption Client appends to the key of an object, unless told otherwise. */
export const DEFAULT_INSTRUCTION_FILE_SUFFIX = '.instruction';

const malformed = (why: string): ClientSideEvidence => ({ kind: 'malformed', why });

/** Where the instruction file of an object lies. */
export function instructionFileKey(key: string, suffix: string): string {
  return `${key}${suffix}`;
}

/**
 * The envelope of an object whose instruction file has this body: all of it, or of V3 what does not stay with the object
 * (https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/s3-encryption/data-format/metadata-strategy.md).
 */
export function classifyInstructionFile(body: string, object: ObjectFacts): ClientSideEvidence {
  const file = fieldsInFile(body);
  if ('fault' in file) return malformed(`instruction file: ${file.fault}`);
  const own = fieldsOf(object);
  if (own === undefined) return malformed('two names of its metadata differ in case only');
  const ofV3 = hasExactly(own, CONTENT_FIELDS_OF_V3);
  if (!ofV3 && envelopeFieldsIn(own).length > 0) return malformed('it has an envelope of its own beside that in its instruction file');
  const twice = [...CONTENT_FIELDS_OF_V3, PLAINTEXT_LENGTH].filter((name) => own.has(name) && file.fields.has(name));
  if (twice.length > 0) return malformed(`${twice.join(', ')} both with the object and in its instruction file`);
  if (file.fields.has('x-amz-3') && !ofV3) return malformed('V3 in the instruction file, and nothing of it with the object');
  return envelopeOf(new Map([...own, ...file.fields]), object.size);
}

/**
 * An object that says, by the marker, that it is an instruction file: it must be nothing else, or whatever is put under such a key would
 * be let pass. Whether the object it belongs to is there is for the caller to find out.
 */
export function classifySidecar(sidecar: ObjectFacts, body: string, suffix: string): ClientSideEvidence {
  const outside = sidecarFault(sidecar, suffix);
  if (outside !== undefined) return malformed(outside);
  const of = objectOf(sidecar.key, suffix);
  if (Buffer.byteLength(body) !== sidecar.size) return malformed('an instruction file that is not the text that was read of it');
  const file = fieldsInFile(body);
  const fault = 'fault' in file ? file.fault : faultOfLone(file.fields);
  return fault === undefined ? { kind: 'instruction-file', of } : malformed(`instruction file: ${fault}`);
}

/** The key of the object whose instruction file this would be; empty for none. */
function objectOf(key: string, suffix: string): string {
  return key.endsWith(suffix) ? key.slice(0, -suffix.length) : '';
}

/** Why an object cannot be an instruction file whatever is in it: so that one that S3 does not let be read is no way round. */
export function sidecarFault(sidecar: ObjectFacts, suffix: string): string | undefined {
  if (objectOf(sidecar.key, suffix) === '') return `an instruction file whose key does not end in ${suffix}, after that of an object`;
  const own = fieldsOf(sidecar);
  if (!own?.has(INSTRUCTION_FILE_MARKER)) return `an instruction file without ${INSTRUCTION_FILE_MARKER} in its metadata`;
  return envelopeFieldsIn(own).length > 0 ? 'an instruction file with parts of an envelope in its own metadata' : undefined;
}

/** Whole, of V1 and V2; of V3 the part that an instruction file has. */
function faultOfLone(fields: Fields): string | undefined {
  if (!fields.has('x-amz-3')) {
    const judged = envelopeOf(fields, undefined);
    return judged.kind === 'malformed' ? judged.why : undefined;
  }
  const stray = CONTENT_FIELDS_OF_V3.filter((name) => fields.has(name));
  if (stray.length > 0) return `${stray.join(', ')}, which V3 keeps with the object`;
  const found = versionOf(fields, CONTENT_FIELDS_OF_V3);
  return 'fault' in found ? found.fault : faultOfWrappedKeyOfV3(fields);
}

function fieldsInFile(body: string): { readonly fields: Fields } | { readonly fault: string } {
  if (Buffer.byteLength(body) > MAX_INSTRUCTION_FILE_BYTES) return { fault: `it has more than ${MAX_INSTRUCTION_FILE_BYTES} bytes` };
  const fields = flatJson(body);
  if (fields === undefined) return { fault: 'it is not a JSON object of strings, each name once' };
  const unknown = [...fields.keys()].filter((name) => !isEnvelopeField(name) && name !== PLAINTEXT_LENGTH);
  return unknown.length > 0 ? { fault: `it has ${unknown.length} names that no envelope has` } : { fields };
}
