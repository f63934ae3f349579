import fc from 'fast-check';
import { CLIENT_SIDE_FORMATS, type ClientSideEvidence } from '../../lib/domain/client-side/evidence';
import type { EncryptionDeclaration } from '../../lib/domain/declaration';
import { ENVELOPE } from '../domain/sample-declarations';
import { ALIAS_NAME, OTHER_KEY, RIGHT_KEY } from '../domain/sample-keys';
import { judge, type Situation } from '../support/agreement';
import { declarations, UNTIL } from '../support/agreement-declarations';
import { expectedPolicy, ONE_SIDED, type OneSided } from '../support/agreement-one-sided';
import { type AgreementRequest, LOG_DELIVERY, requestsTo, WRITER } from '../support/agreement-requests';
import type { KeyCondition } from '../support/policy-s3-model';

/**
 * The promise: what the policy lets in is compliant, and what would be compliant is let in. Where that is not so, on purpose, stands in
 * ONE_SIDED. The policy is evaluated by iam-simulate, the object is made by a model of S3 (policy-s3-model.ts).
 */
const RUNS = { seed: 20261122, numRuns: 4000 } as const;

/** What a client leaves behind, right or not; no policy sees it. */
const evidence: fc.Arbitrary<ClientSideEvidence | undefined> = fc.oneof(
  fc.constantFrom(undefined, { kind: 'none' as const }, { kind: 'malformed' as const, why: 'forged' }),
  fc
    .record({
      format: fc.constantFrom(...CLIENT_SIDE_FORMATS),
      keyCommitment: fc.boolean(),
      wrappingKeyArns: fc.constantFrom([], [RIGHT_KEY], [OTHER_KEY]),
      unnamedWrappingKeys: fc.nat(1),
    })
    .map((envelope) => ({ kind: 'envelope' as const, envelope: { ...envelope, version: '1', algorithm: 'any' } })),
);

const situations = (keyCondition: KeyCondition): fc.Arbitrary<Situation> =>
  declarations.chain((declaration) =>
    fc.record({
      declaration: fc.constant(declaration),
      minimumTlsVersion: fc.constantFrom(1.2 as const, 1.2 as const, 1.3 as const),
      request: requestsTo(declaration),
      keyCondition: fc.constant(keyCondition),
      evidence,
    }),
  );

/** Judges many situations, and counts what decided them. @throws where policy and verdict disagree, with the smallest such situation */
async function decided(keyCondition: KeyCondition): Promise<Record<string, number>> {
  const seen: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(situations(keyCondition), async (situation) => {
      const judged = await judge(situation);
      const expected = expectedPolicy(judged);
      expect({ policy: judged.policy, verdict: judged.verdict }).toEqual({
        policy: expected?.policy ?? judged.policy,
        verdict: judged.verdict,
      });
      // What an exemption lets in, the enforcer must spare.
      expect(judged.spared || expected?.because !== 'exemption').toBe(true);
      const because = expected?.because ?? 'S3 itself refuses';
      seen[because] = (seen[because] ?? 0) + 1;
    }),
    RUNS,
  );
  process.stdout.write(`agreement, ${keyCondition}: ${RUNS.numRuns} runs, seed ${RUNS.seed}: ${JSON.stringify(seen)}\n`);
  return seen;
}

/** Seconds on an idle machine; a busy one may take its time. */
const PATIENCE = 240_000;

/** In how many of the runs each must decide at least, lest the property be vacuous. */
const OFTEN = {
  'it is compliant': 700,
  'it is not': 1000,
  'client-side': 80,
  'instruction file': 10,
  'the archive': 5,
  exemption: 100,
  strict: 30,
  transport: 300,
  'the tag': 100,
  'S3 itself refuses': 80,
};

describe('policy and verdict agree on every write to every bucket, whatever is declared,', () => {
  test.each<[KeyCondition, Readonly<Record<string, number>>]>([
    ['the header', { ...OFTEN, spelling: 15 }],
    // The policy then sees what a spelling means, so it need not refuse it.
    ['the key in use', OFTEN],
  ])(
    'if the condition key of the KMS key holds %s',
    async (keyCondition, often) => {
      const seen = await decided(keyCondition);
      expect(Object.keys(seen).sort()).toEqual(Object.keys(often).sort());
      expect(Object.entries(often).filter(([because, least]) => (seen[because] ?? 0) < least)).toEqual([]);
    },
    PATIENCE,
  );
});

describe('one-sided on purpose:', () => {
  const sseKms = { scheme: 'SSE-KMS', keyArns: [RIGHT_KEY] } as const;
  const plain: EncryptionDeclaration = { accepted: [sseKms], headersRequired: false, prefixRules: [], exemptions: [] };
  const exempt = { prefix: 'import/', principalArns: [WRITER.principal], until: UNTIL, reason: 'migration' };
  const upload: AgreementRequest = {
    action: 's3:PutObject',
    key: 'import/object',
    headers: {},
    requester: WRITER,
    at: new Date(Date.parse(UNTIL) - 1000),
    transport: '1.3',
    tagged: false,
  };
  const rightKey = { algorithm: 'aws:kms', key: RIGHT_KEY };
  const alias = { algorithm: 'aws:kms', key: ALIAS_NAME };
  const sseC = { customerAlgorithm: 'AES256' };
  const besideFiles = { ...ENVELOPE, formats: [CLIENT_SIDE_FORMATS[0]], instructionFileSuffix: '.i' };
  const files = { scheme: 'client-side', serverSide: { scheme: 'SSE-S3' }, envelope: besideFiles } as const;
  const withFiles = { ...plain, accepted: [files, { scheme: 'SSE-C' }] } as const;
  const clientSide = { ...plain, accepted: [{ scheme: 'client-side', serverSide: sseKms, envelope: ENVELOPE }] } as const;

  /** Name, declaration, what is written, the verdict, and what is written instead so that both agree. */
  const CASES: readonly [OneSided, EncryptionDeclaration, Partial<AgreementRequest>, string, Partial<AgreementRequest>][] = [
    ['client-side', clientSide, { headers: rightKey }, 'client-side-unverifiable', { headers: { algorithm: 'AES256' } }],
    [
      'exemption',
      { ...plain, exemptions: [exempt] },
      { headers: { algorithm: 'aws:kms', key: OTHER_KEY } },
      'wrong-key',
      { headers: { algorithm: 'aws:kms', key: OTHER_KEY }, at: new Date(UNTIL) },
    ],
    ['strict', { ...plain, headersRequired: true }, {}, 'compliant', { requester: LOG_DELIVERY }],
    ['spelling', plain, { headers: alias }, 'compliant', { headers: rightKey }],
    ['instruction file', withFiles, { headers: sseC, key: 'import/object.i' }, 'compliant', { headers: sseC }],
  ];

  test('the list is complete, and says why', () => {
    expect(CASES.map(([name]) => name)).toEqual(Object.keys(ONE_SIDED));
    expect(Object.values(ONE_SIDED).map(({ why }) => why.length > 60)).toEqual(CASES.map(() => true));
  });

  test.each(CASES)('%s', async (name, declaration, change, verdict, otherwise) => {
    const situation: Situation = { declaration, minimumTlsVersion: 1.2, request: { ...upload, ...change }, keyCondition: 'the header' };
    const judged = await judge(situation);
    expect(judged).toMatchObject({ policy: ONE_SIDED[name].policy, verdict });
    expect(judged.policy === 'Allowed').not.toBe(verdict === 'compliant');
    const agreed = await judge({ ...situation, request: { ...upload, ...otherwise } });
    expect(agreed.policy === 'Allowed').toBe(agreed.verdict === 'compliant');
  });
});
