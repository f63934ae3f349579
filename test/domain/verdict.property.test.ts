import fc from 'fast-check';
import { decideAction } from '../../lib/domain/action';
import type { ObservedEncryption } from '../../lib/domain/observation';
import { type EncryptionRequirement, requiredKeyArns } from '../../lib/domain/requirement';
import { evaluate } from '../../lib/domain/verdict';
import { aliasArns, aliasNames, arnOf, type KeyParts, keyParts, SEEDED, sameKey } from './arbitraries';

/** The oracle's table: the only observation that can satisfy each requirement. Client-side encryption has none. */
const SATISFIED_BY: Readonly<Record<string, string | undefined>> = {
  'SSE-S3': 'SSE-S3',
  'SSE-KMS': 'SSE-KMS',
  'DSSE-KMS': 'DSSE-KMS',
  'SSE-C': 'SSE-C',
  'client-side': undefined,
};
/** Nothing about the object stands in the way of an action. */
const MOVABLE = { encryption: 'SSE-S3', size: 1, nonCurrentNullVersion: false } as const;
const UNPROVEN = ['key-unidentified', 'unknown-encryption', 'client-side-unverifiable', 'unreadable'];

const kmsScheme = fc.constantFrom('SSE-KMS' as const, 'DSSE-KMS' as const);
const keylessScheme = fc.constantFrom('SSE-S3' as const, 'SSE-C' as const, 'client-side' as const);

/** What S3 reports of a key, together with the key it is, if that is told at all. */
type Report = { readonly spelling: string | undefined; readonly key?: KeyParts };

const reports: fc.Arbitrary<Report> = fc.oneof(
  { weight: 4, arbitrary: keyParts.map((key): Report => ({ spelling: arnOf(key), key })) },
  fc
    .oneof(
      aliasArns,
      aliasNames,
      keyParts.map(({ id }) => id),
      fc.constant(undefined),
      fc.string(),
    )
    .map((spelling): Report => ({ spelling })),
);

/** Every second report names one of the required keys, or chance would hardly ever meet one. */
const situations = fc
  .record({
    keys: fc.array(keyParts, { minLength: 1, maxLength: 4 }),
    report: reports,
    hit: fc.boolean(),
    scheme: kmsScheme,
    kind: kmsScheme,
  })
  .map(({ keys, report, hit, scheme, kind }) => {
    const [first] = keys;
    return { keys, scheme, kind, report: hit && first ? { spelling: arnOf(first), key: first } : report };
  });

const anyObservation: fc.Arbitrary<ObservedEncryption> = fc.oneof(
  fc.constantFrom({ kind: 'SSE-S3' as const }, { kind: 'SSE-C' as const }, { kind: 'none' as const }),
  fc.record({ kind: kmsScheme, keyId: fc.option(fc.oneof(fc.string(), keyParts.map(arnOf)), { nil: undefined }) }),
  fc.record({ kind: fc.constant('unknown' as const), value: fc.string() }),
  fc.record({ kind: fc.constant('unreadable' as const), why: fc.string() }),
);

const anyRequirement: fc.Arbitrary<EncryptionRequirement> = fc.oneof(
  fc.record({ scheme: kmsScheme, keyArns: fc.array(fc.oneof(fc.string(), keyParts.map(arnOf)), { minLength: 1, maxLength: 4 }) }),
  fc.record({ scheme: keylessScheme }),
);

describe('for every requirement and every observation', () => {
  test('there is a verdict, whatever strings S3 and the rule hold', () => {
    fc.assert(
      fc.property(anyRequirement, anyObservation, (requirement, observed) => {
        const verdict = evaluate(requirement, observed);
        expect(typeof verdict.compliant).toBe('boolean');
        if (!verdict.compliant) expect([verdict.expected, verdict.observed]).not.toContain('');
      }),
      SEEDED,
    );
  });

  test('only the required scheme can be compliant', () => {
    fc.assert(
      fc.property(anyRequirement, anyObservation, (requirement, observed) => {
        if (SATISFIED_BY[requirement.scheme] === observed.kind && requiredKeyArns(requirement).length === 0) {
          expect(evaluate(requirement, observed)).toEqual({ compliant: true });
        } else if (SATISFIED_BY[requirement.scheme] !== observed.kind) {
          expect(evaluate(requirement, observed).compliant).toBe(false);
        }
      }),
      SEEDED,
    );
  });

  test('under KMS keys, compliant means: same scheme, and the very key, reported by its ARN', () => {
    fc.assert(
      fc.property(situations, ({ keys, scheme, kind, report: { spelling, key } }) => {
        const agree = scheme === kind && key !== undefined && keys.some((required) => sameKey(required, key));
        expect(evaluate({ scheme, keyArns: keys.map(arnOf) }, { kind, keyId: spelling }).compliant).toBe(agree);
      }),
      SEEDED,
    );
  });

  test('a key reported by ARN is decided, never left in doubt', () => {
    fc.assert(
      fc.property(keyParts, keyParts, kmsScheme, (required, reported, scheme) => {
        const verdict = evaluate({ scheme, keyArns: [arnOf(required)] }, { kind: scheme, keyId: arnOf(reported) });
        const expected = sameKey(required, reported) ? { compliant: true } : { compliant: false, reason: 'wrong-key' };
        expect(verdict).toMatchObject(expected);
      }),
      SEEDED,
    );
  });

  test('what is not proven is never compliant, and is never more than reported', () => {
    fc.assert(
      fc.property(
        anyRequirement,
        anyObservation,
        fc.constantFrom('tag' as const, 'quarantine' as const),
        (requirement, observed, action) => {
          const verdict = evaluate(requirement, observed);
          const reason = verdict.compliant ? 'compliant' : verdict.reason;
          const decided = verdict.compliant ? undefined : decideAction(action, verdict, MOVABLE).action;
          expect(decided).toBe(UNPROVEN.includes(reason) ? 'report' : verdict.compliant ? undefined : action);
        },
      ),
      SEEDED,
    );
  });

  test('accepting one more key never makes a compliant object a violation, and their order is irrelevant', () => {
    fc.assert(
      fc.property(situations, keyParts, ({ keys, scheme, kind, report }, extra) => {
        const observed = { kind, keyId: report.spelling };
        const verdict = evaluate({ scheme, keyArns: keys.map(arnOf) }, observed);
        const reversed = evaluate({ scheme, keyArns: keys.map(arnOf).reverse() }, observed);
        const wider = evaluate({ scheme, keyArns: [extra, ...keys].map(arnOf) }, observed);
        expect(reversed.compliant).toBe(verdict.compliant);
        expect(wider.compliant || !verdict.compliant).toBe(true);
      }),
      SEEDED,
    );
  });
});
