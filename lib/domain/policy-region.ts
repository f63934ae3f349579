import type { EncryptionDeclaration, Exemption } from './declaration';
import { type Denial, denyStatement, type PolicyStatementJson, type StatementResource } from './policy-statement';
import { objectsUnder } from './prefix';
import type { AcceptedEncryption } from './requirement';

/** A part of a bucket in which one thing is accepted. The parts are disjoint, and together the whole bucket. */
export interface PolicyRegion {
  /** Absent for whatever has no part of its own. */
  readonly prefix: string | undefined;
  readonly accepted: AcceptedEncryption;
  readonly exemption: Exemption | undefined;
}

export function regionsOf({ accepted, prefixRules, exemptions }: EncryptionDeclaration): PolicyRegion[] {
  const everywhere = exemptions.find(({ prefix }) => prefix === '');
  const exemptionAt = (wanted: string) => exemptions.find(({ prefix }) => prefix === wanted) ?? everywhere;
  const ruled = prefixRules.map((rule) => ({ ...rule, exemption: exemptionAt(rule.prefix) }));
  const onlyExempt = exemptions
    .filter(({ prefix }) => prefix !== '' && !prefixRules.some((rule) => rule.prefix === prefix))
    .map((exemption) => ({ prefix: exemption.prefix, accepted, exemption }));
  const parts = [...ruled, ...onlyExempt].sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
  return [{ prefix: undefined, accepted, exemption: everywhere }, ...parts];
}

/** A denial in one part of a bucket. */
export interface RegionalDenial extends Denial {
  /** Other denials say it already. It may stand here all the same, where sparing this part would take more words. */
  readonly implied?: boolean;
}

/**
 * As few statements as possible: what is denied in several parts of the bucket is said once, since a policy is limited to 20 KB.
 * For the part without a prefix that means `NotResource`: everything but the prefixes where it does not apply.
 */
export function statementsFor(
  bucketArn: string,
  regions: readonly PolicyRegion[],
  denialsIn: (region: PolicyRegion) => readonly RegionalDenial[],
): PolicyStatementJson[] {
  const groups = new Map<string, { denial: Denial; prefixes: (string | undefined)[]; implied: string[] }>();
  for (const region of regions) {
    for (const { implied = false, ...denial } of denialsIn(region)) {
      const key = JSON.stringify(denial);
      const group = groups.get(key) ?? { denial, prefixes: [], implied: [] };
      if (implied && region.prefix !== undefined) group.implied.push(region.prefix);
      else group.prefixes.push(region.prefix);
      groups.set(key, group);
    }
  }
  const allPrefixes = regions.flatMap(({ prefix }) => (prefix === undefined ? [] : [prefix]));
  return [...groups.values()]
    .filter(({ prefixes }) => prefixes.length > 0)
    .map(({ denial, prefixes, implied }) => {
      const covered = prefixes.includes(undefined) ? [...prefixes, ...implied] : prefixes;
      return denyStatement({ ...denial, sid: sidIn(denial.sid, prefixes) }, resourceOf(bucketArn, covered, allPrefixes));
    });
}

function resourceOf(bucketArn: string, prefixes: readonly (string | undefined)[], allPrefixes: readonly string[]): StatementResource {
  const patterns = (of: readonly string[]) => of.map((prefix) => objectsUnder(bucketArn, prefix));
  if (!prefixes.includes(undefined)) return { Resource: patterns(prefixes.filter((prefix) => prefix !== undefined)) };
  const spared = allPrefixes.filter((prefix) => !prefixes.includes(prefix));
  return spared.length === 0 ? { Resource: [`${bucketArn}/*`] } : { NotResource: patterns(spared) };
}

/** Sids are letters and digits only, so a prefix is told by what is left of it and a hash of all of it. */
function sidIn(sid: string, prefixes: readonly (string | undefined)[]): string {
  const [first] = prefixes;
  return first === undefined ? sid : `${sid}On${capitalised(first)}${hash(first)}`;
}

function capitalised(prefix: string): string {
  const words = prefix.split(/[^A-Za-z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return words.join('').slice(0, 24);
}

/** FNV-1a, 32 bits: enough to tell prefixes of one bucket apart, and without a dependency. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193);
  return (value >>> 0).toString(16).padStart(8, '0');
}
