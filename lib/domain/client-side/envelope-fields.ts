/**
 * The names that the Amazon S3 Encryption Client gives to the parts of its envelope, in user metadata (there after `x-amz-meta-`) and in
 * instruction files. Which version has which:
 * https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/s3-encryption/data-format/content-metadata.md#content-metadata-mapkeys.
 */
export type Fields = ReadonlyMap<string, string>;

export type EnvelopeVersion = 'V1' | 'V2' | 'V3';

interface Parts {
  /** Holds the wrapped data key, and tells the version. */
  readonly dataKey: string;
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const PARTS: Readonly<Record<EnvelopeVersion, Parts>> = {
  V1: { dataKey: 'x-amz-key', required: ['x-amz-iv', 'x-amz-matdesc'], optional: [] },
  V2: { dataKey: 'x-amz-key-v2', required: ['x-amz-iv', 'x-amz-matdesc', 'x-amz-wrap-alg', 'x-amz-cek-alg'], optional: ['x-amz-tag-len'] },
  V3: { dataKey: 'x-amz-3', required: ['x-amz-c', 'x-amz-w', 'x-amz-d', 'x-amz-i'], optional: ['x-amz-t', 'x-amz-m'] },
};
const VERSIONS = Object.keys(PARTS) as EnvelopeVersion[];

/** What V3 keeps with the object where the rest of the envelope is in an instruction file: what the content is encrypted with. */
export const CONTENT_FIELDS_OF_V3 = ['x-amz-c', 'x-amz-d', 'x-amz-i'];

export const PLAINTEXT_LENGTH = 'x-amz-unencrypted-content-length';
export const INSTRUCTION_FILE_MARKER = 'x-amz-crypto-instr-file';

const namesOf = ({ dataKey, required, optional }: Parts): readonly string[] => [dataKey, ...required, ...optional];
const ENVELOPE_FIELDS: ReadonlySet<string> = new Set(VERSIONS.flatMap((version) => namesOf(PARTS[version])));

export const isEnvelopeField = (name: string): boolean => ENVELOPE_FIELDS.has(name);

export function envelopeFieldsIn(fields: Fields): readonly string[] {
  return [...fields.keys()].filter(isEnvelopeField);
}

/** Whether these, of all parts of envelopes, are there and no others. */
export function hasExactly(fields: Fields, names: readonly string[]): boolean {
  const present = envelopeFieldsIn(fields);
  return present.length === names.length && names.every((name) => fields.has(name));
}

/** The version whose parts are there, all that it must have and none of another; or what is wrong with them. */
export function versionOf(
  fields: Fields,
  elsewhere: readonly string[] = [],
): { readonly version: EnvelopeVersion } | { readonly fault: string } {
  const [version, ...more] = VERSIONS.filter((each) => fields.has(PARTS[each].dataKey));
  if (version === undefined) return { fault: `it has ${envelopeFieldsIn(fields).join(', ')}, and no wrapped data key` };
  if (more.length > 0) return { fault: `it has the data keys of ${[version, ...more].join(' and ')} at once` };
  const parts = PARTS[version];
  const missing = parts.required.filter((name) => !fields.has(name) && !elsewhere.includes(name));
  if (missing.length > 0) return { fault: `${version} without ${missing.join(', ')}` };
  const foreign = envelopeFieldsIn(fields).filter((name) => !namesOf(parts).includes(name));
  return foreign.length > 0 ? { fault: `${version} with ${foreign.join(', ')}, which other versions have` } : { version };
}

/** Names in any case: HTTP does not tell them apart, and SDKs print them in several. Nothing, if two are one. */
export function fieldsIn(metadata: Readonly<Record<string, string>>, decoded: (value: string) => string): Fields | undefined {
  const entries = Object.entries(metadata).map(([name, value]): [string, string] => [name.toLowerCase(), decoded(value)]);
  const fields = new Map(entries);
  return fields.size === entries.length ? fields : undefined;
}
