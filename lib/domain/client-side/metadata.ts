import type { ClientSideEvidence } from './evidence';

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
  /** The metadata hold no whole envelope; the rest of it, if it has one, is in its instruction file: `rest` of V3, or `all`. */
  | { readonly kind: 'needs-instruction-file'; readonly part: 'rest' };

/** The envelope of the Amazon S3 Encryption Client, as far as the metadata of the object itself hold it. */
export function classifyMetadata(_object: ObjectFacts): MetadataFinding {
  return { kind: 'none' };
}
