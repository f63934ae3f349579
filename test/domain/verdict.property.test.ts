import fc from 'fast-check';
import { decideAction } from '../../lib/domain/action';
import type { ObservedEncryption } from '../../lib/domain/observation';
import type { AcceptedEncryption, EncryptionRequirement, ServerSideRequirement } from '../../lib/domain/requirement';
import { envelopesThatMatter, evaluate } from '../../lib/domain/verdict';
import { aliasArns, aliasNames, arnOf, envelopes, evidences, type KeyParts, keyParts, SEEDED, sameKey } from './arbitraries';

/** Nothing about the object stands in the way of an action. */
const MOVABLE = { encryption: 'SSE-S3', size: 1, nonCurrentNullVersion: false, target: { scheme: 'SSE-S3' } } as const;
const TOUCHING = ['tag', 'quarantine', 'reencrypt'] as const;
const UNPROVEN = [
  'key-unidentified',
  'unknown-encryption',
  'client-side-unverifiable',
  'instruction-file-without-object',
  'wrapping-key-unidentified',
  'unreadable',
];

const kmsScheme = fc.constantFrom('SSE-KMS' as const, 'DSSE-KMS' as const);
const keylessScheme = fc.constantFrom('SSE-S3' as const, 'SSE-C' as const);

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

const anyServerSide: fc.Arbitrary<ServerSideRequirement> = fc.oneof(
  fc.record({ scheme: kmsScheme, keyArns: fc.array(fc.oneof(fc.string(), keyParts.map(arnOf)), { minLength: 1, maxLength: 4 }) }),
  fc.record({ scheme: keylessScheme }),
);

const anyRequirement: fc.Arbitrary<EncryptionRequirement> = fc.oneof(
  { weight: 3, arbitrary: anyServerSide },
  fc.record({ scheme: fc.constant('client-side' as const), serverSide: anyServerSide, envelope: envelopes }),
);

const anyAccepted: fc.Arbitrary<AcceptedEncryption> = fc
  .tuple(anyRequirement, fc.array(anyRequirement, { maxLength: 2 }))
  .map(([first, others]) => [first, ...others]);

/** Of the reasons why single requirements are not met, the one that is said of all together. */
const MOST_TELLING = [
  'wrong-wrapping-key',
  'no-key-commitment',
  'wrong-envelope-format',
  'malformed-envelope',
  'instruction-file-missing',
  'not-client-side-encrypted',
  'wrong-key',
  'wrong-scheme',
  'not-encrypted',
];

describe('for whatever is accepted and observed', () => {
  test('there is a verdict, whatever strings S3 and the rule hold', () => {
    fc.assert(
      fc.property(anyAccepted, anyObservation, fc.option(evidences, { nil: undefined }), (accepted, observed, evidence) => {
        const verdict = evaluate(accepted, observed, evidence);
        expect(typeof verdict.compliant).toBe('boolean');
        if (!verdict.compliant) expect([verdict.expected, verdict.observed]).not.toContain('');
      }),
      SEEDED,
    );
  });

  test('only what is accepted by name can be compliant, and where no key is needed, it is', () => {
    fc.assert(
      fc.property(anyAccepted, anyObservation, (accepted, observed) => {
        // Client-side encryption is the name of no observation.
        const named = accepted.filter(({ scheme }) => scheme === observed.kind);
        if (named.length === 0) expect(evaluate(accepted, observed).compliant).toBe(false);
        if (named.some((requirement) => !('keyArns' in requirement))) expect(evaluate(accepted, observed)).toEqual({ compliant: true });
      }),
      SEEDED,
    );
  });

  test('several are met if one of them is; else the most telling of their reasons is said', () => {
    fc.assert(
      fc.property(anyAccepted, anyObservation, fc.option(evidences, { nil: undefined }), (accepted, observed, evidence) => {
        const alone = accepted.map((requirement) => evaluate([requirement], observed, evidence));
        const verdict = evaluate(accepted, observed, evidence);
        expect(verdict.compliant).toBe(alone.some(({ compliant }) => compliant));
        if (verdict.compliant) return;
        const reasons = alone.flatMap((each) => (each.compliant ? [] : each.reason));
        const telling = reasons.filter((reason) => UNPROVEN.includes(reason));
        if (telling.length > 0) expect(telling).toContain(verdict.reason);
        else expect(verdict.reason).toBe(MOST_TELLING.find((reason) => reasons.some((each) => each === reason)));
      }),
      SEEDED,
    );
  });

  test('without evidence client-side encryption is never compliant: in doubt where what lies beneath is right, else wrong as that is', () => {
    fc.assert(
      fc.property(anyServerSide, envelopes, anyObservation, (serverSide, envelope, observed) => {
        const beneath = evaluate([serverSide], observed);
        const reason = beneath.compliant ? 'client-side-unverifiable' : beneath.reason;
        expect(evaluate([{ scheme: 'client-side', serverSide, envelope }], observed)).toMatchObject({ compliant: false, reason });
      }),
      SEEDED,
    );
  });

  test('client-side encryption is compliant with an envelope only, over what is right beneath', () => {
    fc.assert(
      fc.property(anyServerSide, envelopes, anyObservation, evidences, (serverSide, envelope, observed, evidence) => {
        const verdict = evaluate([{ scheme: 'client-side', serverSide, envelope }], observed, evidence);
        const beneath = evaluate([serverSide], observed);
        if (!beneath.compliant) expect(verdict).toMatchObject({ compliant: false, reason: beneath.reason });
        if (evidence.kind !== 'envelope') expect(verdict.compliant).toBe(false);
        if (!verdict.compliant || evidence.kind !== 'envelope') return;
        const { format, keyCommitment, wrappingKeyArns, unnamedWrappingKeys } = evidence.envelope;
        expect(envelope.formats).toContain(format);
        expect(keyCommitment || !envelope.keyCommitment).toBe(true);
        if (envelope.wrappingKeyArns.length === 0) return;
        expect([unnamedWrappingKeys, wrappingKeyArns.filter((keyArn) => !envelope.wrappingKeyArns.includes(keyArn))]).toEqual([0, []]);
      }),
      SEEDED,
    );
  });

  test('evidence changes nothing where it does not matter', () => {
    fc.assert(
      fc.property(anyAccepted, anyObservation, evidences, (accepted, observed, evidence) => {
        const without = evaluate(accepted, observed);
        if (!without.compliant && envelopesThatMatter(accepted, observed).length > 0) return;
        const reasonOf = (verdict: typeof without) => (verdict.compliant ? 'compliant' : verdict.reason);
        expect(reasonOf(evaluate(accepted, observed, evidence))).toBe(reasonOf(without));
      }),
      SEEDED,
    );
  });

  test('under KMS keys, compliant means: same scheme, and the very key, reported by its ARN', () => {
    fc.assert(
      fc.property(situations, ({ keys, scheme, kind, report: { spelling, key } }) => {
        const agree = scheme === kind && key !== undefined && keys.some((required) => sameKey(required, key));
        expect(evaluate([{ scheme, keyArns: keys.map(arnOf) }], { kind, keyId: spelling }).compliant).toBe(agree);
      }),
      SEEDED,
    );
  });

  test('a key reported by ARN is decided, never left in doubt', () => {
    fc.assert(
      fc.property(keyParts, keyParts, kmsScheme, (required, reported, scheme) => {
        const verdict = evaluate([{ scheme, keyArns: [arnOf(required)] }], { kind: scheme, keyId: arnOf(reported) });
        const expected = sameKey(required, reported) ? { compliant: true } : { compliant: false, reason: 'wrong-key' };
        expect(verdict).toMatchObject(expected);
      }),
      SEEDED,
    );
  });

  test('what is not proven is never compliant, and is never more than reported', () => {
    fc.assert(
      fc.property(anyAccepted, anyObservation, evidences, fc.constantFrom(...TOUCHING), (accepted, observed, evidence, action) => {
        const verdict = evaluate(accepted, observed, evidence);
        const reason = verdict.compliant ? 'compliant' : verdict.reason;
        const decided = verdict.compliant ? undefined : decideAction(action, verdict, MOVABLE).action;
        expect(decided).toBe(UNPROVEN.includes(reason) ? 'report' : verdict.compliant ? undefined : action);
      }),
      SEEDED,
    );
  });

  test('accepting one more key never makes a compliant object a violation, and their order is irrelevant', () => {
    fc.assert(
      fc.property(situations, keyParts, ({ keys, scheme, kind, report }, extra) => {
        const observed = { kind, keyId: report.spelling };
        const verdict = evaluate([{ scheme, keyArns: keys.map(arnOf) }], observed);
        const reversed = evaluate([{ scheme, keyArns: keys.map(arnOf).reverse() }], observed);
        const wider = evaluate([{ scheme, keyArns: [extra, ...keys].map(arnOf) }], observed);
        expect(reversed.compliant).toBe(verdict.compliant);
        expect(wider.compliant || !verdict.compliant).toBe(true);
      }),
      SEEDED,
    );
  });
});
