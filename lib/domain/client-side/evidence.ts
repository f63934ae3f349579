/**
 * What a client leaves behind that says it has encrypted. It is the client's word, not proof: whoever can write an object can write this
 * too. What would be proof, and what it costs, stands in docs/guarantees.md.
 */
export const CLIENT_SIDE_FORMATS = ['Amazon S3 Encryption Client', 'AWS Encryption SDK'] as const;

export type ClientSideFormat = (typeof CLIENT_SIDE_FORMATS)[number];

/** One complete and possible envelope. */
export interface Envelope {
  readonly format: ClientSideFormat;
  /** Of the format: `V1`, `V2` or `V3` of the S3 Encryption Client, `1` or `2` of a message of the Encryption SDK. */
  readonly version: string;
  /** As the format prints it, such as `115`, `05 78` or `AES/GCM/NoPadding`. */
  readonly algorithm: string;
  /** Whether ciphertext and data key are bound to each other, so that it decrypts to one plaintext only. */
  readonly keyCommitment: boolean;
  /** ARNs of the KMS keys that wrap the data key, where the format states them in the clear; else empty. */
  readonly wrappingKeyArns: readonly string[];
  /** How many more keys wrap the data key, which the format names otherwise or not at all: whoever holds any one of them can decrypt. */
  readonly unnamedWrappingKeys: number;
}

export type ClientSideEvidence =
  | { readonly kind: 'envelope'; readonly envelope: Envelope }
  /** There is something of an envelope, and it is incomplete, contradicts itself, or cannot be. */
  | { readonly kind: 'malformed'; readonly why: string }
  /** Nothing that any of the formats would leave. */
  | { readonly kind: 'none' }
  /** It is a sidecar: an instruction file, which holds the envelope of another object. */
  | { readonly kind: 'instruction-file'; readonly of: string }
  /** The envelope, or the rest of it, should lie in an instruction file that is not there (yet). */
  | { readonly kind: 'instruction-file-missing'; readonly key: string }
  /** S3 refuses to let it be read. */
  | { readonly kind: 'unreadable'; readonly why: string };
