import { ClientSideFormat } from '../../lib';
import { keyArn } from './arns';
import type { AcceptedConfig, DeclarationConfig, EncryptionConfig, Unchecked } from './encryption-config';
import type { Fault } from './fault';
import { at, listOf, oneOf, optional, type Read, record, textThat, yesOrNo } from './readers';

/** What the envelopes of client-side encryption must be like. */
export interface EnvelopeConfig {
  /** Without it, either. */
  readonly format: ClientSideFormat | undefined;
  /** Without it, true. */
  readonly requireKeyCommitment: boolean | undefined;
  /** ARNs, of any Region and account. Without them, any key. */
  readonly wrappingKeys: readonly string[] | undefined;
  readonly instructionFileSuffix: string | undefined;
}

const { S3_ENCRYPTION_CLIENT, ENCRYPTION_SDK } = ClientSideFormat;

export const envelope: Read<EnvelopeConfig> = record<EnvelopeConfig>(
  { must: 'must be an object, empty for what is required by itself', remedy: `For example { "format": "${ENCRYPTION_SDK}" }.` },
  {
    format: optional(oneOf(Object.values(ClientSideFormat), 'Leave it out for either.')),
    requireKeyCommitment: optional(yesOrNo('Leave it out for true.')),
    wrappingKeys: optional(
      listOf(keyArn, { least: 1, most: 20, must: 'must be a list of 1 to 20 ARNs of KMS keys', remedy: 'Leave it out for any key.' }),
    ),
    instructionFileSuffix: optional(
      textThat((suffix) => /^.{1,255}$/su.test(suffix) && !suffix.includes('{{'), {
        must: 'must be a text of 1 to 255 characters without {{',
        remedy: 'Write what the client appends to keys, such as .instruction.',
      }),
    ),
  },
  envelopeFaults,
);

function envelopeFaults({ format, requireKeyCommitment, wrappingKeys, instructionFileSuffix }: Unchecked<EnvelopeConfig>): Fault[] {
  const faults: Fault[] = [];
  if (wrappingKeys !== undefined && format === S3_ENCRYPTION_CLIENT && requireKeyCommitment !== false) {
    const what = `is given, and objects of the ${S3_ENCRYPTION_CLIENT} with key commitment never state their wrapping keys`;
    const remedy = `Remove wrappingKeys, choose ${ENCRYPTION_SDK}, or set requireKeyCommitment to false.`;
    faults.push({ path: 'wrappingKeys', what, value: wrappingKeys, remedy });
  }
  if (instructionFileSuffix !== undefined && format !== S3_ENCRYPTION_CLIENT) {
    const what = `is given, and only the ${S3_ENCRYPTION_CLIENT} writes instruction files`;
    const remedy = `Set format to ${S3_ENCRYPTION_CLIENT}, or remove instructionFileSuffix.`;
    faults.push({ path: 'instructionFileSuffix', what, value: instructionFileSuffix, remedy });
  }
  return faults;
}

/** Each further place in which envelopes may lie would cost a request for each object. */
export function placeFaults(bucket: Unchecked<DeclarationConfig>): Fault[] {
  const everywhere = [{ rule: bucket, path: '' }, ...(bucket.prefixes ?? []).map((rule, index) => ({ rule, path: `prefixes[${index}]` }))];
  return everywhere.flatMap(({ rule, path }) => (rule === undefined ? [] : placeFaultsOf(rule, path)));
}

function placeFaultsOf(rule: Unchecked<AcceptedConfig>, path: string): Fault[] {
  const sealed = [rule, ...(rule.alsoAccept ?? [])].filter((each) => each?.scheme === 'client-side');
  const places = new Set(sealed.flatMap((each) => placeOf(each) ?? []));
  if (places.size <= 1 || [...places].every((place) => place === '')) return [];
  return [
    {
      path: at(path, 'alsoAccept'),
      what: 'accepts client-side encryption in several forms whose envelopes lie in different places',
      value: [...places].map((place) => place || 'the message itself'),
      remedy: `Beside instruction files accept only the ${S3_ENCRYPTION_CLIENT}, with one suffix, or use prefixes.`,
    },
  ];
}

/** Beside metadata: the suffix of instruction files, or nothing for the message itself. */
function placeOf(encryption: Unchecked<EncryptionConfig> | undefined): string | undefined {
  const { format, instructionFileSuffix } = encryption?.envelope ?? {};
  return instructionFileSuffix ?? (format === S3_ENCRYPTION_CLIENT ? undefined : '');
}
