import { compareKeys } from '../key-identity';
import { percentEncoded } from '../printable';
import type { ClientSideEvidence, ClientSideFormat, Envelope } from './evidence';

/** What the envelope of an object must be like, where client-side encryption is required. */
export interface EnvelopeRequirement {
  /** At least one. */
  readonly formats: readonly ClientSideFormat[];
  /** Whether ciphertext and data key must be bound to each other. */
  readonly keyCommitment: boolean;
  /** The KMS keys that may wrap data keys; empty for any key, of KMS or not. */
  readonly wrappingKeyArns: readonly string[];
  /** Where the S3 Encryption Client puts envelopes that are not in metadata; without it, such are not accepted. */
  readonly instructionFileSuffix?: string | undefined;
}

export type EnvelopeViolation =
  | 'not-client-side-encrypted'
  | 'malformed-envelope'
  | 'instruction-file-missing'
  | 'instruction-file-without-object'
  | 'wrong-envelope-format'
  | 'no-key-commitment'
  | 'wrong-wrapping-key'
  | 'wrapping-key-unidentified'
  | 'client-side-unverifiable';

/** What is wrong with what the client left behind, or does not tell enough; undefined where it is as required. */
export function envelopeViolation(required: EnvelopeRequirement, evidence: ClientSideEvidence | undefined): EnvelopeViolation | undefined {
  switch (evidence?.kind) {
    case undefined:
    case 'unreadable':
      return 'client-side-unverifiable';
    case 'none':
      return 'not-client-side-encrypted';
    case 'malformed':
      return 'malformed-envelope';
    case 'instruction-file-missing':
      return 'instruction-file-missing';
    case 'instruction-file':
      return 'instruction-file-without-object';
    case 'envelope':
      return violationOf(required, evidence.envelope);
  }
}

function violationOf(required: EnvelopeRequirement, envelope: Envelope): EnvelopeViolation | undefined {
  if (!required.formats.includes(envelope.format)) return 'wrong-envelope-format';
  if (required.keyCommitment && !envelope.keyCommitment) return 'no-key-commitment';
  return required.wrappingKeyArns.length === 0 ? undefined : wrappingKeyViolation(required.wrappingKeyArns, envelope);
}

/** Each key that wraps the data key opens the object, so that all of them must be accepted. */
function wrappingKeyViolation(accepted: readonly string[], envelope: Envelope): EnvelopeViolation | undefined {
  const { wrappingKeyArns, unnamedWrappingKeys } = envelope;
  const comparisons = wrappingKeyArns.map((stated) => accepted.map((keyArn) => compareKeys(keyArn, stated)));
  const isWrong = comparisons.some((each) => each.every((comparison) => comparison === 'different'));
  if (isWrong) return 'wrong-wrapping-key';
  const isInDoubt = unnamedWrappingKeys > 0 || wrappingKeyArns.length === 0 || comparisons.some((each) => !each.includes('same'));
  return isInDoubt ? 'wrapping-key-unidentified' : undefined;
}

/** One line for people: `AWS Encryption SDK, with key commitment`. */
export function describeEnvelopeRequirement({ formats, keyCommitment, wrappingKeyArns }: EnvelopeRequirement): string {
  const keys =
    wrappingKeyArns.length === 0 ? '' : `, wrapped by ${wrappingKeyArns.length > 1 ? 'some of ' : ''}${wrappingKeyArns.join(', ')}`;
  return `${formats.join(' or ')}${keyCommitment ? ', with key commitment' : ''}${keys}`;
}

/** One line for people: `AWS Encryption SDK 2, 05 78, with key commitment`. Keys are the uploader's words, and stand in messages that people trust. */
export function describeEvidence(evidence: ClientSideEvidence): string {
  switch (evidence.kind) {
    case 'none':
      return 'no envelope of client-side encryption';
    case 'malformed':
      return `malformed envelope: ${evidence.why}`;
    case 'instruction-file-missing':
      return `no instruction file ${percentEncoded(evidence.key)}`;
    case 'instruction-file':
      return `instruction file of ${percentEncoded(evidence.of)}, which is not there`;
    case 'unreadable':
      return `its envelope cannot be read: ${evidence.why}`;
    case 'envelope':
      return describeEnvelope(evidence.envelope);
  }
}

function describeEnvelope({ format, version, algorithm, keyCommitment, wrappingKeyArns, unnamedWrappingKeys }: Envelope): string {
  const unnamed = unnamedWrappingKeys === 0 ? [] : [`${unnamedWrappingKeys} not named`];
  const keys = [...wrappingKeyArns, ...unnamed].join(', ');
  return `${format} ${version}, ${algorithm}, ${keyCommitment ? 'with' : 'without'} key commitment${keys === '' ? '' : `, wrapping keys: ${keys}`}`;
}

/** Where envelopes may lie. Whatever is accepted together must not need more than one of the last two: each costs a request for each object. */
export interface EnvelopePlaces {
  /** The S3 Encryption Client is accepted. HEAD tells metadata. */
  readonly metadata: boolean;
  /** Beside the object. */
  readonly instructionFileSuffix?: string | undefined;
  /** In the first bytes of the object: the Encryption SDK is accepted. */
  readonly message: boolean;
}

/** Where a format leaves its envelope by itself. An instruction file takes the place of metadata. */
const LIES_IN: Readonly<Record<ClientSideFormat, 'metadata' | 'message'>> = {
  'Amazon S3 Encryption Client': 'metadata',
  'AWS Encryption SDK': 'message',
};

export function placesOf(required: readonly EnvelopeRequirement[]): EnvelopePlaces {
  const places = new Set(required.flatMap(({ formats }) => formats.map((format) => LIES_IN[format])));
  return {
    metadata: places.has('metadata'),
    instructionFileSuffix: required.find((each) => each.instructionFileSuffix !== undefined)?.instructionFileSuffix,
    message: places.has('message'),
  };
}

/** Whether an envelope can lie nowhere but in the content of its object, so that what cannot be read can never be verified. */
export function liesInContent({ formats }: EnvelopeRequirement): boolean {
  return formats.every((format) => LIES_IN[format] === 'message');
}

/** Whether looking for an envelope can cost a request of its own, for which the object's bytes have to be decrypted by S3. */
export function mayNeedReading({ instructionFileSuffix, message }: EnvelopePlaces): boolean {
  return message || instructionFileSuffix !== undefined;
}
