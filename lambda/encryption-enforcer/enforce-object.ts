import { evaluate } from '../../lib/domain/verdict';
import { act } from './act';
import type { BucketRules } from './bucket-rules';
import { observe } from './observe';
import type { Outcome } from './outcome';
import type { WrittenObject } from './parse-event';
import type { QuarantinePorts } from './quarantine';
import { quarantineAddress } from './quarantine-address';
import { outcomeOf, readReceipt } from './receipt';

export interface EnforcePorts extends QuarantinePorts {
  readonly rules: BucketRules;
}

/** The story of one object version: look, judge, and act on what is wrong. */
export async function enforceObject(written: WrittenObject, ports: EnforcePorts): Promise<Outcome> {
  const known = await ports.rules.cached(written.bucket);
  const object = await observe(written, ports.store);
  if (object === undefined) return earlierOutcome(written, ports);
  if (evaluate(known.requirement, object.encryption).compliant) return { kind: 'compliant' };
  // Before anything is touched, the rule is read anew: it may have changed since it was cached.
  const rule = await ports.rules.fresh(written.bucket);
  const verdict = evaluate(rule.requirement, object.encryption);
  return verdict.compliant ? { kind: 'compliant' } : act(object, verdict, rule.action, ports);
}

/** An earlier try may have moved the object and then failed to say so: its receipt tells. */
async function earlierOutcome(written: WrittenObject, { store, config }: EnforcePorts): Promise<Outcome> {
  if (written.etag === undefined) return { kind: 'gone' };
  const { receiptKey } = quarantineAddress({ ...written, etag: written.etag });
  const receipt = await store.readDocument(config.quarantine.bucket, receiptKey);
  return receipt === undefined ? { kind: 'gone' } : outcomeOf(readReceipt(receipt));
}
