import { simulate } from '../../demo/policy/simulate';
import { encryptionStatements, transportStatements } from '../../lib/domain/bucket-policy';
import type { ClientSideEvidence } from '../../lib/domain/client-side/evidence';
import { VIOLATION_TAG } from '../../lib/domain/contract';
import { acceptedAt, type EncryptionDeclaration, exemptionOf } from '../../lib/domain/declaration';
import { observedEncryption } from '../../lib/domain/observation';
import type { PolicyStatementJson } from '../../lib/domain/policy-statement';
import { evaluate, type ViolationReason } from '../../lib/domain/verdict';
import { violationTagStatements } from '../../lib/domain/violation-tag-policy';
import { ALIAS_NAME, BARE_RIGHT_ID, FOREIGN_ACCOUNT, OWNER_ACCOUNT } from '../domain/sample-keys';
import { literalKey, literalPattern } from './agreement-literal-keys';
import type { AgreementRequest } from './agreement-requests';
import { conditionKeysOf, defaultOf, isArchived, type KeyCondition, type ModelBucket, write } from './policy-s3-model';
import { BUCKET_ARN } from './policy-simulator';

/** A guarded bucket, a request, and what S3 is taken to fill a condition key with. */
export interface Situation {
  readonly declaration: EncryptionDeclaration;
  readonly minimumTlsVersion: 1.2 | 1.3;
  readonly request: AgreementRequest;
  readonly keyCondition: KeyCondition;
  /** What the client leaves behind; absent where nobody has looked. */
  readonly evidence?: ClientSideEvidence | undefined;
}

export interface Judged extends Situation {
  readonly policy: 'Allowed' | 'ExplicitlyDenied';
  /** Of the object that S3 makes of the request; absent where it refuses by itself. */
  readonly verdict: 'compliant' | ViolationReason | undefined;
  /** Whether the enforcer would spare the object, if it is not compliant. */
  readonly spared: boolean;
  readonly isSseC: boolean;
}

const ENFORCER = `arn:aws:iam::${OWNER_ACCOUNT}:role/enforcer`;

/** What the policy says of the request, and the enforcer of the object. */
export async function judge(situation: Situation): Promise<Judged> {
  const { declaration, request } = situation;
  const { result } = await ask(situation);
  if (result !== 'Allowed' && result !== 'ExplicitlyDenied') throw new Error(`${result}: only the bucket's denials may stop a request`);
  const stored = write(modelOf(declaration), modelled(request));
  if (stored === undefined) return { ...situation, policy: result, verdict: undefined, spared: false, isSseC: false };
  const verdict = evaluate(acceptedAt(declaration, request.key), observedEncryption(stored), evidenceOf(situation));
  const isSseC = stored.SSECustomerAlgorithm !== undefined;
  // Re-keying makes no new object. Of an SSE-C object, S3 does not tell when it was created.
  const createdAt = isSseC || request.action === 's3:UpdateObjectEncryption' ? undefined : request.at;
  const spared = exemptionOf(declaration, request.key, createdAt) !== undefined;
  return { ...situation, policy: result, verdict: verdict.compliant ? 'compliant' : verdict.reason, spared, isSseC };
}

/** Metadata are told by HEAD; a message would have to be read. */
function evidenceOf({ evidence, request }: Situation): ClientSideEvidence | undefined {
  const isMessage = evidence?.kind === 'envelope' && evidence.envelope.format === 'AWS Encryption SDK';
  return isMessage && isArchived(request.storageClass) ? { kind: 'unreadable', why: 'InvalidObjectState' } : evidence;
}

/** The alias exists in both accounts, and points in each to a key of its own. */
function modelOf({ accepted: [required] }: EncryptionDeclaration): ModelBucket {
  return {
    partition: 'aws',
    region: 'eu-west-1',
    defaultEncryption: defaultOf(required),
    aliases: { [OWNER_ACCOUNT]: { [ALIAS_NAME]: BARE_RIGHT_ID }, [FOREIGN_ACCOUNT]: { [ALIAS_NAME]: BARE_RIGHT_ID } },
  };
}

const modelled = ({ action, headers, requester }: AgreementRequest) => ({ action, headers, account: requester.account });

/** Everything that the bucket's policy says of writes; the requester may do everything on S3, so only a denial stops it. */
function ask({ declaration, minimumTlsVersion, request, keyCondition }: Situation) {
  const { principal, account } = request.requester;
  const isService = !principal.startsWith('arn:');
  const statements = [
    ...transportStatements(BUCKET_ARN, minimumTlsVersion),
    ...encryptionStatements(declaration, BUCKET_ARN),
    ...violationTagStatements(BUCKET_ARN, { enforcer: ENFORCER, readers: [ENFORCER], replicationRoles: [] }),
  ].map(withLiteralPatterns);
  const welcome = { Sid: 'Welcome', Effect: 'Allow', Action: 's3:*', Resource: [`${BUCKET_ARN}/*`] };
  return simulate({
    principal,
    action: request.action,
    resource: `${BUCKET_ARN}/${literalKey(request.key)}`,
    account: OWNER_ACCOUNT,
    context: { ...conditionKeysOf(modelOf(declaration), modelled(request), keyCondition), ...surroundings(request) },
    identityPolicies: isService ? [] : [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] }],
    resourcePolicy: {
      Version: '2012-10-17',
      Statement: [...statements, { ...welcome, Principal: isService ? { Service: principal } : { AWS: account } }],
    },
  });
}

function surroundings({ action, requester, storageClass, at, transport, tagged }: AgreementRequest): Record<string, string | string[]> {
  const isService = !requester.principal.startsWith('arn:');
  return {
    'aws:CurrentTime': at.toISOString().replace('.000Z', 'Z'),
    'aws:PrincipalIsAWSService': String(isService),
    ...(!isService && { 'aws:PrincipalArn': requester.principal }),
    ...(transport === 'http' ? { 'aws:SecureTransport': 'false' } : { 'aws:SecureTransport': 'true', 's3:TlsVersion': transport }),
    // A replica has a class, but no condition key for it.
    ...(storageClass !== undefined && action === 's3:PutObject' && { 's3:x-amz-storage-class': storageClass }),
    ...(tagged && { 's3:RequestObjectTagKeys': ['team', VIOLATION_TAG] }),
  };
}

function withLiteralPatterns({ Resource, NotResource, ...statement }: PolicyStatementJson) {
  return {
    ...statement,
    ...(Resource && { Resource: Resource.map(literalPattern) }),
    ...(NotResource && { NotResource: NotResource.map(literalPattern) }),
  };
}
