import fc from 'fast-check';
import type { ObservedEncryption } from '../../lib/domain/observation';
import { envelopesToReencrypt, reencryptionTarget, reencryptionTargets } from '../../lib/domain/reencryption';
import type { TargetEncryption } from '../../lib/domain/target-encryption';
import { evaluate } from '../../lib/domain/verdict';
import { acceptedLists, evidences, SEEDED } from './arbitraries';

const asObserved = (target: TargetEncryption): ObservedEncryption =>
  'keyArn' in target ? { kind: target.scheme, keyId: target.keyArn } : { kind: target.scheme };

const maybeEvidence = fc.option(evidences, { nil: undefined });

describe('for whatever is accepted, and whatever the object says of itself', () => {
  test('an object that is encrypted as told is compliant', () => {
    const told = new Set<string>();
    fc.assert(
      fc.property(acceptedLists, maybeEvidence, (accepted, evidence) => {
        const target = reencryptionTarget(accepted, evidence);
        if (target === undefined) return;
        told.add(target.scheme);
        expect(evaluate(accepted, asObserved(target), evidence)).toEqual({ compliant: true });
      }),
      SEEDED,
    );
    expect([...told].sort()).toEqual(['DSSE-KMS', 'SSE-KMS', 'SSE-S3']);
  });

  test('where none is told, no server-side encryption that S3 can give makes it compliant', () => {
    let untold = 0;
    fc.assert(
      fc.property(acceptedLists, maybeEvidence, (accepted, evidence) => {
        if (reencryptionTarget(accepted, evidence) !== undefined) return;
        untold += 1;
        const every = accepted.flatMap((each): ObservedEncryption[] => {
          const beneath = each.scheme === 'client-side' ? each.serverSide : each;
          if ('keyArns' in beneath) return beneath.keyArns.map((keyId) => ({ kind: beneath.scheme, keyId }));
          return beneath.scheme === 'SSE-S3' ? [{ kind: 'SSE-S3' }] : [];
        });
        for (const observed of every) expect(evaluate(accepted, observed, evidence).compliant).toBe(false);
      }),
      SEEDED,
    );
    expect(untold).toBeGreaterThan(50);
  });

  test('no other key or scheme is told than those that the role is granted, and no envelope decides that was not looked for', () => {
    fc.assert(
      fc.property(acceptedLists, maybeEvidence, (accepted, evidence) => {
        const target = reencryptionTarget(accepted, evidence);
        if (target !== undefined) expect(reencryptionTargets(accepted)).toContainEqual(target);
        if (envelopesToReencrypt(accepted).length === 0) expect(target).toEqual(reencryptionTarget(accepted, undefined));
      }),
      SEEDED,
    );
  });
});
