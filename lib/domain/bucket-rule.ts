import { ACTIONS, type Action } from './action';
import { CLIENT_SIDE_FORMATS } from './client-side/evidence';
import type { EnvelopeRequirement } from './client-side/requirement';
import { acceptedAnywhere, type EncryptionDeclaration, type Exemption, type PrefixRule } from './declaration';
import { fail, fromJson, list, oneOf, reading, record, text } from './document';
import { keyIdentity } from './key-identity';
import { findNested } from './prefix';
import {
  type AcceptedEncryption,
  type EncryptionRequirement,
  requiredKeyArns,
  type ServerSideRequirement,
  serverSideRequirement,
} from './requirement';
import { isServerSideScheme, SERVER_SIDE_SCHEMES } from './scheme';

/** What the enforcer must know of one bucket: it travels from synth to the function in an SSM parameter. */
export interface BucketRule {
  readonly declaration: EncryptionDeclaration;
  readonly action: Action;
}

/** Largest value of an SSM parameter, in bytes: https://docs.aws.amazon.com/general/latest/gr/ssm.html */
export const MAX_RULE_BYTES = 8192;

const VERSION = 2;

/** The parameter's value. Key ARNs stand once, in a table, and are referred to by position. */
export interface BucketRuleDocument {
  readonly version: number;
  readonly action: string;
  readonly keys: readonly string[];
  readonly accept: readonly RequirementDocument[];
  readonly headersRequired: boolean;
  readonly prefixes?: readonly { readonly prefix: string; readonly accept: readonly RequirementDocument[] }[];
  /** Without principals: S3 events do not name who wrote an object. */
  readonly exemptions?: readonly Omit<Exemption, 'principalArns'>[];
}

interface RequirementDocument {
  readonly scheme: string;
  readonly keys?: readonly number[];
  /** Of client-side encryption. */
  readonly serverSide?: RequirementDocument;
  readonly envelope?: EnvelopeDocument;
}

interface EnvelopeDocument {
  readonly formats: readonly string[];
  readonly keyCommitment: boolean;
  readonly wrappingKeys?: readonly number[];
  readonly instructionFileSuffix?: string;
}

export function encodeRule({ declaration, action }: BucketRule): BucketRuleDocument {
  const { accepted, headersRequired, prefixRules, exemptions } = declaration;
  const keys = [...new Set(acceptedAnywhere(declaration).flatMap(namedKeyArns))];
  const encode = (each: AcceptedEncryption) => each.map((requirement) => encodeRequirement(requirement, keys));
  return {
    version: VERSION,
    action,
    keys,
    accept: encode(accepted),
    headersRequired,
    ...(prefixRules.length > 0 && { prefixes: prefixRules.map((rule) => ({ prefix: rule.prefix, accept: encode(rule.accepted) })) }),
    ...(exemptions.length > 0 && { exemptions: exemptions.map(({ prefix, until, reason }) => ({ prefix, until, reason })) }),
  };
}

function encodeRequirement(requirement: EncryptionRequirement, table: readonly string[]): RequirementDocument {
  if (requirement.scheme === 'client-side') {
    const { scheme, serverSide, envelope } = requirement;
    return { scheme, serverSide: encodeRequirement(serverSide, table), envelope: encodeEnvelope(envelope, table) };
  }
  const positions = requiredKeyArns(requirement).map((keyArn) => table.indexOf(keyArn));
  return { scheme: requirement.scheme, ...(positions.length > 0 && { keys: positions }) };
}

function encodeEnvelope(envelope: EnvelopeRequirement, table: readonly string[]): EnvelopeDocument {
  const { formats, keyCommitment, wrappingKeyArns, instructionFileSuffix } = envelope;
  const wrappingKeys = wrappingKeyArns.map((keyArn) => table.indexOf(keyArn));
  return {
    formats,
    keyCommitment,
    ...(wrappingKeys.length > 0 && { wrappingKeys }),
    ...(instructionFileSuffix !== undefined && { instructionFileSuffix }),
  };
}

function namedKeyArns(requirement: EncryptionRequirement): readonly string[] {
  const wrapping = requirement.scheme === 'client-side' ? requirement.envelope.wrappingKeyArns : [];
  return [...requiredKeyArns(requirement), ...wrapping];
}

/** @throws Error that names the fault: a rule that is not understood must stop the verifier, not soften it */
export function decodeRule(json: string): BucketRule {
  return reading('bucket rule', () => decode(json));
}

function decode(json: string): BucketRule {
  const document = record('document', fromJson(json), ['version', 'action', 'keys', 'accept', 'headersRequired', 'prefixes', 'exemptions']);
  if (document['version'] !== VERSION) fail('version', document['version'], `this function understands version ${VERSION}`);
  const action = oneOf('action', document['action'], ACTIONS);
  const { headersRequired } = document as { headersRequired?: unknown };
  if (typeof headersRequired !== 'boolean') return fail('headersRequired', headersRequired, 'must be true or false');
  const keys = list('keys', document['keys']).map((keyArn, position) => decodeKey(`keys[${position}]`, keyArn));
  const prefixRules = list('prefixes', document['prefixes'] ?? []).map((rule, i) => decodePrefixRule(`prefixes[${i}]`, rule, keys));
  const nested = findNested(prefixRules.map(({ prefix }) => prefix));
  if (nested !== undefined) fail('prefixes', nested, 'none may be the beginning of another');
  const declaration = {
    accepted: decodeAccepted('accept', document['accept'], keys),
    headersRequired,
    prefixRules: prefixRules.sort((a, b) => (a.prefix < b.prefix ? -1 : 1)),
    exemptions: list('exemptions', document['exemptions'] ?? []).map((exemption, i) => decodeExemption(`exemptions[${i}]`, exemption)),
  };
  return { action, declaration };
}

function decodeKey(name: string, keyArn: unknown): string {
  if (typeof keyArn === 'string' && keyIdentity(keyArn).kind === 'key-arn') return keyArn;
  return fail(name, keyArn, 'must be the full ARN of a KMS key');
}

function decodePrefixRule(name: string, value: unknown, keys: readonly string[]): PrefixRule {
  const { prefix, accept } = record(name, value, ['prefix', 'accept']);
  const accepted = decodeAccepted(`${name}.accept`, accept, keys);
  return { prefix: text(`${name}.prefix`, prefix), accepted };
}

function decodeExemption(name: string, value: unknown): Exemption {
  const { prefix, until, reason } = record(name, value, ['prefix', 'until', 'reason']);
  const end = text(`${name}.until`, until);
  if (Number.isNaN(Date.parse(end))) fail(`${name}.until`, until, 'must be a date');
  // An empty prefix stands for the whole bucket; one that is missing may have meant to narrow the exemption.
  const start = prefix === '' ? '' : text(`${name}.prefix`, prefix);
  return { prefix: start, principalArns: [], until: end, reason: text(`${name}.reason`, reason) };
}

function decodeAccepted(name: string, value: unknown, keys: readonly string[]): AcceptedEncryption {
  const [first, ...others] = list(name, value).map((each, i) => decodeRequirement(`${name}[${i}]`, each, keys));
  return first === undefined ? fail(name, value, 'at least one encryption must be accepted') : [first, ...others];
}

function decodeRequirement(name: string, value: unknown, keys: readonly string[]): EncryptionRequirement {
  const { scheme, serverSide, envelope, ...rest } = record(name, value, ['scheme', 'keys', 'serverSide', 'envelope']);
  if (scheme === 'client-side') {
    if (rest['keys'] !== undefined) return fail(`${name}.keys`, rest['keys'], 'client-side encryption names the keys beneath it');
    const beneath = decodeServerSide(`${name}.serverSide`, serverSide, keys);
    return { scheme, serverSide: beneath, envelope: decodeEnvelope(`${name}.envelope`, envelope, keys) };
  }
  return decodeServerSide(name, value, keys);
}

/** Nothing has a default but what narrows nothing: a rule from before envelopes were verified is refused, not taken for a weak one. */
function decodeEnvelope(name: string, value: unknown, table: readonly string[]): EnvelopeRequirement {
  const fields = record(name, value, ['formats', 'keyCommitment', 'wrappingKeys', 'instructionFileSuffix']);
  const { formats, keyCommitment, wrappingKeys, instructionFileSuffix } = fields;
  const accepted = list(`${name}.formats`, formats).map((format) => oneOf(`${name}.formats`, format, CLIENT_SIDE_FORMATS));
  if (accepted.length === 0) fail(`${name}.formats`, formats, 'at least one format must be accepted');
  if (typeof keyCommitment !== 'boolean') return fail(`${name}.keyCommitment`, keyCommitment, 'must be true or false');
  const wrapping = wrappingKeys === undefined ? [] : decodeKeys(`${name}.wrappingKeys`, wrappingKeys, table);
  const suffix =
    instructionFileSuffix === undefined ? {} : { instructionFileSuffix: text(`${name}.instructionFileSuffix`, instructionFileSuffix) };
  return { formats: accepted, keyCommitment, wrappingKeyArns: wrapping, ...suffix };
}

function decodeServerSide(name: string, value: unknown, table: readonly string[]): ServerSideRequirement {
  const { scheme, keys } = record(name, value, ['scheme', 'keys']);
  if (!isServerSideScheme(scheme)) {
    return fail(`${name}.scheme`, scheme, `use one of ${Object.keys(SERVER_SIDE_SCHEMES).join(', ')}, client-side`);
  }
  if (!SERVER_SIDE_SCHEMES[scheme].usesKmsKeys) {
    return keys === undefined ? serverSideRequirement(scheme, []) : fail(`${name}.keys`, keys, `${scheme} names no KMS keys`);
  }
  return serverSideRequirement(scheme, decodeKeys(`${name}.keys`, keys, table));
}

function decodeKeys(name: string, value: unknown, table: readonly string[]): readonly string[] {
  const positions = list(name, value);
  if (positions.length === 0) return fail(name, value, 'must name at least one key');
  return positions.map((position) => {
    const keyArn = typeof position === 'number' ? table[position] : undefined;
    return keyArn ?? fail(name, position, 'must be positions in the table of keys');
  });
}
