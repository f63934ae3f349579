import type { IConstruct } from 'constructs';
import type { Exemption } from '../domain/declaration';
import { findNested, isPrefix, MAX_KEY_BYTES } from '../domain/prefix';
import type { EncryptionExemption } from '../object-encryption';
import { requireKnownText } from './known-text';
import { isRoleOrUserArn, partitionOf } from './principal-arn';
import { requireValid } from './require-valid';

/** A date, or a date and a time in UTC. */
const ISO_8601 = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/;

/** @throws Error where an exemption says not exactly what is exempt, for whom and until when */
export function exemptionsFor(
  bucket: IConstruct,
  exemptions: readonly EncryptionExemption[],
  rulePrefixes: readonly string[],
): Exemption[] {
  const checked = exemptions.map((exemption) => exemptionFor(bucket, exemption));
  requireSeparate(
    bucket,
    checked.map(({ prefix }) => prefix),
    rulePrefixes,
  );
  return checked;
}

function exemptionFor(bucket: IConstruct, exemption: EncryptionExemption): Exemption {
  const { prefix, principalArns, until, reason } = exemption ?? {};
  requireKnownText(bucket, 'the prefix of an exemption', prefix);
  requireKnownText(bucket, 'the reason of an exemption', reason);
  requireValid(bucket, prefix === undefined || isPrefix(prefix), {
    what: `the prefix of an exemption has 1 to ${MAX_KEY_BYTES} bytes`,
    value: prefix,
    remedy: 'Name the beginning of the keys, or leave prefix out to exempt the whole bucket.',
  });
  requireValid(bucket, typeof reason === 'string' && reason.trim() !== '', {
    what: 'an exemption needs a reason',
    value: reason,
    remedy: 'Say why, and who agreed: it stands in the report of each object that is spared.',
  });
  requireValid(bucket, principalArns === undefined || (Array.isArray(principalArns) && principalArns.length > 0), {
    what: 'principalArns of an exemption is no list of at least one ARN',
    value: principalArns,
    remedy: 'Name the roles and users, or leave it out to exempt everybody.',
  });
  for (const arn of principalArns ?? []) {
    requireValid(bucket, isRoleOrUserArn(arn, partitionOf(bucket)), {
      what: 'an exemption is for roles and users, each by its ARN without wildcards',
      value: arn,
      remedy: 'Pass for example arn:aws:iam::111122223333:role/vendor-import, not the ARN of a session, an account or a service.',
    });
  }
  return { prefix: prefix ?? '', principalArns: principalArns ?? [], until: endOf(bucket, until), reason };
}

function endOf(bucket: IConstruct, until: string): string {
  const millis = typeof until === 'string' && ISO_8601.test(until) ? Date.parse(until) : Number.NaN;
  const text = Number.isNaN(millis) ? undefined : new Date(millis).toISOString().replace('.000Z', 'Z');
  // JavaScript reads 2027-02-30 as 2 March.
  requireValid(bucket, text?.startsWith(until.slice(0, 10)) === true, {
    what: 'until of an exemption is not a date',
    value: until,
    remedy: 'Write it as 2027-03-31 or 2027-03-31T18:00:00Z, in UTC.',
  });
  return text as string;
}

/** Each object falls under one exemption at most, and wholly or not at all under the rule of one prefix. */
function requireSeparate(bucket: IConstruct, prefixes: readonly string[], rulePrefixes: readonly string[]): void {
  const named = prefixes.filter((prefix) => prefix !== '');
  const twice = prefixes.length > 1 && named.length < prefixes.length ? prefixes : findNested(named);
  requireValid(bucket, twice === undefined, {
    what: 'two exemptions are for the same objects, in whole or in part',
    value: twice,
    remedy: 'Make one of them, or use prefixes that are disjoint.',
  });
  const nested = findNested([...new Set([...named, ...rulePrefixes])]);
  requireValid(bucket, nested === undefined, {
    what: 'the prefix of an exemption and one of underPrefix() are neither equal nor disjoint, and no policy can express that',
    value: nested,
    remedy: 'Exempt exactly the prefix of underPrefix(), or one outside it, or the whole bucket.',
  });
}

/** Whether it is over at synthesis. It changes nothing in the template: the policy ends it by itself. */
export function expiredExemptions(exemptions: readonly Exemption[], now: Date): Exemption[] {
  return exemptions.filter(({ until }) => Date.parse(until) <= now.getTime());
}
