import type { AcceptedEncryption } from '../../lib/domain/requirement';
import type { Judged } from './agreement';
import { isArchived, isKeyArn } from './policy-s3-model';

/** Where policy and verdict differ on purpose, and why. There are no others. */
export const ONE_SIDED = {
  'client-side': {
    policy: 'Allowed',
    why: 'S3 does not see client-side encryption: the policy asks for what lies beneath it, and the envelope is for the enforcer alone.',
  },
  exemption: {
    policy: 'Allowed',
    why: 'Until it ends, an exemption lets in what is not compliant, and the enforcer reports it as exempt.',
  },
  strict: {
    policy: 'ExplicitlyDenied',
    why: 'Strict refuses an upload that says nothing, although the default of the bucket would make it compliant.',
  },
  spelling: {
    policy: 'ExplicitlyDenied',
    why: 'An alias or a bare id is refused even where it means an accepted key: from another account it would mean another one.',
  },
  'instruction file': {
    policy: 'ExplicitlyDenied',
    why: 'In the place of an instruction file nothing is let in that cannot be read, archived or SSE-C: right by itself, it would hide another object.',
  },
} as const;

/** Said of an envelope only where what lies beneath is right. */
const ENVELOPE_REASONS: readonly string[] = [
  'client-side-unverifiable',
  'not-client-side-encrypted',
  'malformed-envelope',
  'wrong-envelope-format',
  'no-key-commitment',
  'wrong-wrapping-key',
  'wrapping-key-unidentified',
];

export type OneSided = keyof typeof ONE_SIDED;

export type Expectation =
  /** `because` is a name of ONE_SIDED, or what else decides. */
  | {
      readonly policy: Judged['policy'];
      readonly because: OneSided | 'it is compliant' | 'it is not' | 'the archive' | 'transport' | 'the tag';
    }
  | undefined;

/** What the policy must say, if it agrees with the verdict; undefined where no object comes of it anyway. */
export function expectedPolicy(judged: Judged): Expectation {
  const { verdict } = judged;
  if (isRefusedTransport(judged)) return { policy: 'ExplicitlyDenied', because: 'transport' };
  if (judged.request.tagged) return { policy: 'ExplicitlyDenied', because: 'the tag' };
  if (verdict === undefined) return undefined;
  const compliant = verdict === 'compliant';
  if (isUnreadableFile(judged)) return { policy: 'ExplicitlyDenied', because: compliant ? 'instruction file' : 'it is not' };
  const beyondProof = ENVELOPE_REASONS.includes(verdict) && isBeyondProof(judged);
  const acceptable = compliant || (ENVELOPE_REASONS.includes(verdict) && !beyondProof);
  const obstacle = isSilent(judged) ? 'strict' : isSpelledOtherwise(judged) ? 'spelling' : undefined;
  if (acceptable && obstacle === undefined) return { policy: 'Allowed', because: compliant ? 'it is compliant' : 'client-side' };
  if (isExempt(judged)) return { policy: 'Allowed', because: compliant ? 'it is compliant' : 'exemption' };
  return { policy: 'ExplicitlyDenied', because: (compliant && obstacle) || (beyondProof ? 'the archive' : 'it is not') };
}

/** Straight into an archive, where whatever is accepted is told by the content alone. Nothing that says so can be compliant. */
function isBeyondProof({ declaration, request: { action, key, storageClass } }: Judged): boolean {
  const { accepted } = declaration.prefixRules.find(({ prefix }) => key.startsWith(prefix)) ?? declaration;
  const isMessage = (each: AcceptedEncryption[number]) =>
    each.scheme === 'client-side' && each.envelope.formats.every((format) => format === 'AWS Encryption SDK');
  return action === 's3:PutObject' && isArchived(storageClass) && accepted.every(isMessage);
}

/** By its name, and whether there may be an object that it belongs to: under the same rule, or anywhere by that of the whole bucket. */
function isUnreadableFile({ declaration, request: { action, key, storageClass }, isSseC }: Judged): boolean {
  const archived = action === 's3:PutObject' && isArchived(storageClass);
  const isAlone = declaration.prefixRules.some(({ accepted }) => accepted.every(({ scheme }) => scheme === 'SSE-C'));
  return [{ prefix: '', accepted: declaration.accepted }, ...declaration.prefixRules].some(({ prefix, accepted }) => {
    const rest = key.startsWith(prefix) ? key.slice(prefix.length) : undefined;
    const isFile = accepted.some((each) => each.scheme === 'client-side' && endsIn(rest, each.envelope.instructionFileSuffix));
    const hides = isSseC && accepted.some(({ scheme }) => scheme === 'SSE-C') && !(prefix === '' && isAlone);
    return isFile && (archived || hides);
  });
}

const endsIn = (text: string | undefined, ending: string | undefined): boolean => ending !== undefined && text?.endsWith(ending) === true;

function isRefusedTransport({ request: { transport }, minimumTlsVersion }: Judged): boolean {
  return transport === 'http' || Number(transport) < minimumTlsVersion;
}

/** Strict: AWS services are let through, since theirs are not the uploader's mistakes. Replicas always say what they are. */
function isSilent({ declaration, request: { action, headers, requester } }: Judged): boolean {
  const says = headers.algorithm !== undefined || headers.customerAlgorithm !== undefined;
  return declaration.headersRequired && action === 's3:PutObject' && !says && requester.principal.startsWith('arn:');
}

function isSpelledOtherwise({ keyCondition, request: { headers } }: Judged): boolean {
  return keyCondition === 'the header' && headers.key !== undefined && !isKeyArn(headers.key);
}

/** By the policy, which knows who writes. Nobody is exempt with SSE-C, nor when re-keying. */
function isExempt({ declaration, request: { action, key, at, requester }, isSseC }: Judged): boolean {
  if (isSseC || action === 's3:UpdateObjectEncryption') return false;
  return declaration.exemptions.some(
    ({ prefix, until, principalArns }) =>
      key.startsWith(prefix) && at < new Date(until) && (principalArns.length === 0 || principalArns.includes(requester.principal)),
  );
}
