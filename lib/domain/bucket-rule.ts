import { ACTIONS, type Action } from './action';
import { keyIdentity } from './key-identity';
import { type EncryptionRequirement, requiredKeyArns, requirementOf } from './requirement';
import { isScheme, SCHEMES } from './scheme';

/** What the enforcer must know of one bucket: it travels from synth to the function in an SSM parameter. */
export interface BucketRule {
  readonly requirement: EncryptionRequirement;
  readonly action: Action;
}

/** Largest value of an SSM parameter, in bytes: https://docs.aws.amazon.com/general/latest/gr/ssm.html */
export const MAX_RULE_BYTES = 8192;

const VERSION = 1;

/** The parameter's value. Key ARNs stand once, in a table, and are referred to by position. */
export interface BucketRuleDocument {
  readonly version: number;
  readonly action: string;
  readonly keys: readonly string[];
  readonly require: { readonly scheme: string; readonly keys?: readonly number[] };
}

export function encodeRule(rule: BucketRule): BucketRuleDocument {
  const keys = requiredKeyArns(rule.requirement);
  return {
    version: VERSION,
    action: rule.action,
    keys,
    require: { scheme: rule.requirement.scheme, ...(keys.length > 0 && { keys: keys.map((_, position) => position) }) },
  };
}

/** @throws Error that names the fault: a rule that is not understood must stop the verifier, not soften it */
export function decodeRule(text: string): BucketRule {
  const document = parseObject(text);
  refuseUnknownFields('document', document, ['version', 'action', 'keys', 'require']);
  if (document['version'] !== VERSION) fail('version', document['version'], `this function understands version ${VERSION}`);
  const action =
    ACTIONS.find((known) => known === document['action']) ?? fail('action', document['action'], `use one of ${ACTIONS.join(', ')}`);
  const require = document['require'];
  if (!isRecord(require)) return fail('require', require, 'must be an object');
  refuseUnknownFields('require', require, ['scheme', 'keys']);
  const scheme = require['scheme'];
  if (!isScheme(scheme)) return fail('require.scheme', scheme, `use one of ${Object.keys(SCHEMES).join(', ')}`);
  return { action, requirement: requirementOf(scheme, decodeKeys(scheme, require['keys'], document['keys'])) };
}

function decodeKeys(scheme: keyof typeof SCHEMES, positions: unknown, table: unknown): string[] {
  if (!SCHEMES[scheme].usesKmsKeys) {
    return positions === undefined ? [] : fail('require.keys', positions, `${scheme} names no KMS keys`);
  }
  if (!Array.isArray(table)) return fail('keys', table, 'must be a list of key ARNs');
  if (!Array.isArray(positions) || positions.length === 0) {
    return fail('require.keys', positions, `${scheme} needs at least one key`);
  }
  return positions.map((position) => {
    const keyArn: unknown = typeof position === 'number' ? table[position] : undefined;
    if (typeof keyArn !== 'string' || keyIdentity(keyArn).kind !== 'key-arn') {
      return fail(`keys[${JSON.stringify(position)}]`, keyArn, 'must be the full ARN of a KMS key');
    }
    return keyArn;
  });
}

/** A field that is not understood may have meant to narrow the rule. */
function refuseUnknownFields(name: string, fields: Record<string, unknown>, known: readonly string[]): void {
  const unknown = Object.keys(fields).filter((field) => !known.includes(field));
  if (unknown.length > 0) fail(name, unknown, `has fields that this function does not know; it knows ${known.join(', ')}`);
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('document', text.slice(0, 80), 'is not JSON');
  }
  return isRecord(value) ? value : fail('document', value, 'must be an object');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fail(field: string, value: unknown, remedy: string): never {
  throw new Error(`bucket rule: ${field} is ${JSON.stringify(value) ?? 'missing'}; ${remedy}`);
}
