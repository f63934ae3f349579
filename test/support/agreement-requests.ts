import fc from 'fast-check';
import type { EncryptionDeclaration } from '../../lib/domain/declaration';
import type { EncryptionRequirement } from '../../lib/domain/requirement';
import { ALIAS_ARN, ALIAS_NAME, BARE_RIGHT_ID, FOREIGN_ACCOUNT, OTHER_REGION_KEY, OWNER_ACCOUNT } from '../domain/sample-keys';
import { KEYS, PARTNER, prefixes, UNTIL, VENDOR } from './agreement-declarations';
import type { EncryptionHeaders } from './policy-requests';
import type { ModelWrite } from './policy-s3-model';

export interface Requester {
  /** An ARN, or the name of an AWS service. */
  readonly principal: string;
  readonly account: string;
}

export const WRITER: Requester = { principal: `arn:aws:iam::${OWNER_ACCOUNT}:role/writer`, account: OWNER_ACCOUNT };
const GUEST: Requester = { principal: `arn:aws:iam::${FOREIGN_ACCOUNT}:role/writer`, account: FOREIGN_ACCOUNT };
const EXEMPT: readonly Requester[] = [
  { principal: VENDOR, account: OWNER_ACCOUNT },
  { principal: PARTNER, account: FOREIGN_ACCOUNT },
];
/** Server access logs, delivered without encryption headers: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html */
export const LOG_DELIVERY: Requester = { principal: 'logging.s3.amazonaws.com', account: OWNER_ACCOUNT };

/** TLS version; plain HTTP has none. */
export type Transport = '1.3' | '1.2' | '1.1' | 'http';

export interface AgreementRequest {
  readonly action: ModelWrite['action'];
  readonly key: string;
  readonly headers: EncryptionHeaders;
  readonly requester: Requester;
  /** As the upload names it; of a replica, as the rule of its source does. */
  readonly storageClass?: string | undefined;
  readonly at: Date;
  readonly transport: Transport;
  /** Whether the upload sets the tag that is the enforcer's alone. */
  readonly tagged: boolean;
}

const SPELLINGS = [ALIAS_NAME, ALIAS_ARN, BARE_RIGHT_ID, OTHER_REGION_KEY];
const spelledKeys = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...KEYS) }, fc.constantFrom(...SPELLINGS));
const kms = fc.constantFrom('aws:kms', 'aws:kms:dsse');

/** Mostly what clients send, now and then any combination at all. */
const anyHeaders: fc.Arbitrary<EncryptionHeaders> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom({}, {}, { algorithm: 'AES256' }, { customerAlgorithm: 'AES256' }) },
  { weight: 6, arbitrary: fc.record({ algorithm: kms, key: spelledKeys }) },
  fc.record({ algorithm: kms }),
  fc.record(
    { algorithm: fc.oneof(kms, fc.constantFrom('AES256', 'aws:fsx')), key: spelledKeys, customerAlgorithm: fc.constant('AES256') },
    { requiredKeys: [] },
  ),
);

/** What is right somewhere in the bucket, perhaps not where it is sent, perhaps with the key spelled otherwise. */
function headersFor(requirement: EncryptionRequirement): fc.Arbitrary<EncryptionHeaders> {
  if (requirement.scheme === 'client-side') return headersFor(requirement.serverSide);
  if (!('keyArns' in requirement))
    return fc.constant(requirement.scheme === 'SSE-C' ? { customerAlgorithm: 'AES256' } : { algorithm: 'AES256' });
  const { keyArns } = requirement;
  const bareIds = keyArns.map((keyArn) => keyArn.split('/').at(-1) ?? keyArn);
  const spelled = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...keyArns) }, fc.constantFrom(...bareIds, ...SPELLINGS));
  const algorithm = fc.constant(requirement.scheme === 'SSE-KMS' ? 'aws:kms' : 'aws:kms:dsse');
  return fc.oneof({ weight: 4, arbitrary: fc.record({ algorithm, key: spelled }) }, fc.record({ algorithm }));
}

const uploadHeaders = ({ accepted, prefixRules }: EncryptionDeclaration): fc.Arbitrary<EncryptionHeaders> => {
  const somewhere = [accepted, ...prefixRules.map((rule) => rule.accepted)].flat();
  return fc.oneof(anyHeaders, fc.constantFrom(...somewhere).chain(headersFor), fc.constant({}));
};

/** What a replica will be encrypted with: see the assumption in policy-s3-model.ts. */
const replicaHeaders: fc.Arbitrary<EncryptionHeaders> = fc.oneof(
  fc.constantFrom({ algorithm: 'AES256' }, { customerAlgorithm: 'AES256' }),
  { weight: 3, arbitrary: fc.record({ algorithm: kms, key: fc.constantFrom(...KEYS) }) },
);

/** The request names SSE-KMS and a key, nothing else; S3 then wants a full ARN. */
const rekeyHeaders: fc.Arbitrary<EncryptionHeaders> = fc.record({ algorithm: fc.constant('aws:kms'), key: spelledKeys });

const people = fc.constantFrom(WRITER, WRITER, GUEST, ...EXEMPT);

const writesTo = (declaration: EncryptionDeclaration) =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ action: fc.constant('s3:PutObject' as const), headers: uploadHeaders(declaration), requester: people }),
    },
    fc.record({
      action: fc.constant('s3:PutObject' as const),
      headers: fc.constantFrom<EncryptionHeaders>({}, {}, { algorithm: 'AES256' }),
      requester: fc.constant(LOG_DELIVERY),
    }),
    { weight: 2, arbitrary: fc.record({ action: fc.constant('s3:ReplicateObject' as const), headers: replicaHeaders, requester: people }) },
    {
      weight: 2,
      arbitrary: fc.record({ action: fc.constant('s3:UpdateObjectEncryption' as const), headers: rekeyHeaders, requester: people }),
    },
  );

/** Of objects, and of what may lie beside them as instruction files. */
function keysIn(declaration: EncryptionDeclaration): fc.Arbitrary<string> {
  const accepted = [declaration.accepted, ...declaration.prefixRules.map((rule) => rule.accepted)].flat();
  const suffixes = accepted.flatMap((each) => (each.scheme === 'client-side' ? (each.envelope.instructionFileSuffix ?? []) : []));
  const keys = keysAround(declaration);
  if (suffixes.length === 0) return keys;
  return fc.oneof(
    keys,
    fc.tuple(keys, fc.constantFrom(...suffixes)).map((parts) => parts.join('')),
  );
}

/** Under the prefixes that the declaration names, beside them, and elsewhere. */
function keysAround({ prefixRules, exemptions }: EncryptionDeclaration): fc.Arbitrary<string> {
  const named = [...prefixRules, ...exemptions].map(({ prefix }) => prefix).filter((prefix) => prefix !== '');
  const rest = fc.oneof(fc.constantFrom('', 'x', '/', '*', '\n', 'report 2026.csv'), fc.string({ unit: 'grapheme', maxLength: 4 }));
  const elsewhere = fc.tuple(prefixes, rest).map((parts) => parts.join(''));
  if (named.length === 0) return elsewhere;
  const under = fc.tuple(fc.constantFrom(...named), rest).map((parts) => parts.join(''));
  // What a pattern instead of a literal prefix would match, and what only nearly begins with it.
  const near = fc
    .tuple(
      fc.constantFrom<(prefix: string) => string>(
        (prefix) => prefix.replaceAll('*', 'zz'),
        (prefix) => prefix.replaceAll('?', 'o'),
        (prefix) => `z${prefix}`,
        (prefix) => prefix.slice(0, -1) || 'z',
        (prefix) => prefix.toUpperCase(),
        (prefix) => prefix.replaceAll('.', 'y'),
      ),
      fc.constantFrom(...named),
      rest,
    )
    .map(([change, prefix, more]) => change(prefix) + more);
  return fc.oneof({ weight: 5, arbitrary: under }, { weight: 2, arbitrary: near }, { weight: 2, arbitrary: elsewhere });
}

const END = Date.parse(UNTIL);
const times = fc.constantFrom(END - 86_400_000, END - 1000, END - 1000, END, END + 1000).map((millis) => new Date(millis));

const storageClasses = fc.constantFrom(undefined, undefined, 'STANDARD', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE');

const transports = fc.oneof(
  { weight: 12, arbitrary: fc.constant('1.3' as const) },
  { weight: 3, arbitrary: fc.constant('1.2' as const) },
  fc.constantFrom('1.1' as const, 'http' as const),
);

export const requestsTo = (declaration: EncryptionDeclaration): fc.Arbitrary<AgreementRequest> =>
  fc
    .record({
      write: writesTo(declaration),
      key: keysIn(declaration),
      storageClass: storageClasses,
      at: times,
      transport: transports,
      tagged: fc.nat(14).map((roll) => roll === 0),
    })
    .map(({ write, tagged, storageClass, ...rest }) => ({
      ...write,
      ...rest,
      tagged: tagged && write.action === 's3:PutObject',
      ...(write.action !== 's3:UpdateObjectEncryption' && { storageClass }),
    }));
