import { withoutEncodedWords } from './encoded';
import {
  CONTENT_FIELDS_OF_V3,
  envelopeFieldsIn,
  type Fields,
  fieldsIn,
  hasExactly,
  INSTRUCTION_FILE_MARKER,
  PLAINTEXT_LENGTH,
} from './envelope-fields';
import type { ClientSideEvidence } from './evidence';
import { envelopeOf, faultOfContentOfV3 } from './s3-encryption-client';

/** What HEAD says of one object, as far as envelopes depend on it. */
export interface ObjectFacts {
  readonly key: string;
  /** In bytes, as it is stored. */
  readonly size: number;
  /** User metadata, names without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

export type MetadataFinding =
  | ClientSideEvidence
  /** `all`: the object says it was encrypted, and has no part of an envelope. `rest`: of V3, it has what always stays with the object. */
  | { readonly kind: 'needs-instruction-file'; readonly part: 'all' | 'rest' }
  /** It bears the marker of instruction files: `classifySidecar` has to see what it holds. */
  | { readonly kind: 'claims-instruction-file' };

/**
 * The envelope of the Amazon S3 Encryption Client, as far as the metadata of the object itself hold it. `none` may still have an
 * instruction file: V1 and V2 leave nothing at the object then, but for the length of the plaintext, which not every client writes.
 */
export function classifyMetadata(object: ObjectFacts): MetadataFinding {
  const fields = fieldsOf(object);
  if (fields === undefined) return { kind: 'malformed', why: 'two names of its metadata differ in case only' };
  const parts = envelopeFieldsIn(fields);
  if (fields.has(INSTRUCTION_FILE_MARKER)) {
    if (parts.length === 0) return { kind: 'claims-instruction-file' };
    return { kind: 'malformed', why: `an instruction file with ${parts.join(', ')} in its own metadata` };
  }
  if (parts.length === 0) return fields.has(PLAINTEXT_LENGTH) ? { kind: 'needs-instruction-file', part: 'all' } : { kind: 'none' };
  if (!hasExactly(fields, CONTENT_FIELDS_OF_V3)) return envelopeOf(fields, object.size);
  const fault = faultOfContentOfV3(fields, object.size);
  return fault === undefined ? { kind: 'needs-instruction-file', part: 'rest' } : { kind: 'malformed', why: `V3: ${fault}` };
}

/** As the client wrote them: of what is not ASCII, S3 returns an encoding. */
export function fieldsOf({ metadata }: ObjectFacts): Fields | undefined {
  return fieldsIn(metadata, withoutEncodedWords);
}
