import { THIRD_ACCOUNT } from '../engine/environment';
import type { KeyHalf } from '../matrix/upload-case';
import { askKey, halvesOf, type KeyAnswer, type KeyWorld, keyText } from '../policy/key-policy';
import type { RenderedRole } from '../policy/rendered';
import type { Policy } from '../policy/simulate';
import { DATA_ACCOUNT, KEY_ACCOUNT } from './deploy';

/** Who asks KMS for the shared key on AWS. The engine asks nobody. */
interface Asker {
  readonly who: string;
  readonly account: string;
  readonly action: 'kms:GenerateDataKey' | 'kms:Decrypt';
  /** What it is for, or how it is asked. */
  readonly purpose: string;
  /** Through S3, for an object of which bucket; by hand where there is none. */
  readonly bucket?: 'exchange' | 'another';
  /** Written by hand: which halves of the permission are there. It takes both. */
  readonly expected: readonly KeyHalf[];
}

export const KEY_QUESTIONS: readonly Asker[] = [
  ofData('application', 'kms:GenerateDataKey', 'writes', ['key policy', 'IAM policy']),
  ofData('application', 'kms:Decrypt', 'reads', ['key policy', 'IAM policy']),
  { ...ofData('application', 'kms:GenerateDataKey', 'writes elsewhere', []), bucket: 'another' },
  ofData('enforcer', 'kms:Decrypt', 'moves what is wrong', ['key policy', 'IAM policy']),
  ofData('enforcer', 'kms:GenerateDataKey', 'writes', ['key policy']),
  ofData('role for S3 only', 'kms:GenerateDataKey', 'writes', ['key policy']),
  byHand('administrator', DATA_ACCOUNT, ['IAM policy']),
  byHand('administrator', KEY_ACCOUNT, ['IAM policy']),
  {
    who: 'administrator',
    account: THIRD_ACCOUNT,
    action: 'kms:GenerateDataKey',
    purpose: 'writes',
    bucket: 'exchange',
    expected: ['IAM policy'],
  },
];

function ofData(who: string, action: Asker['action'], purpose: string, expected: readonly KeyHalf[]): Asker {
  return { who, account: DATA_ACCOUNT, action, purpose, bucket: 'exchange', expected };
}

function byHand(who: string, account: string, expected: readonly KeyHalf[]): Asker {
  return { who, account, action: 'kms:Decrypt', purpose: 'by hand', expected };
}

/** One question, and both halves of the answer. */
export interface KeyQuestion extends KeyAnswer {
  readonly who: string;
  readonly account: string;
  readonly action: string;
  readonly purpose: string;
  readonly expected: string;
  readonly observed: string;
  readonly ok: boolean;
}

/** The roles that the data account deployed, with their policies. */
export interface DeployedRoles {
  readonly application: RenderedRole;
  readonly enforcer: RenderedRole;
}

export async function askAboutKey(keyArn: string, exchange: string, roles: DeployedRoles, world: KeyWorld): Promise<KeyQuestion[]> {
  const buckets = { exchange, another: `${exchange}-copy` };
  return Promise.all(
    KEY_QUESTIONS.map(async ({ bucket, expected, ...asker }) => {
      const { arn, policies } = roleOf(asker, roles);
      const object = bucket && `arn:aws:s3:::${buckets[bucket]}/some/object`;
      const answer = await askKey({ principal: arn, identityPolicies: policies, action: asker.action, keyArn, object }, world);
      const [expectedText, observed] = [keyText(expected), keyText(halvesOf(answer), answer.answer)];
      return { ...asker, ...answer, expected: expectedText, observed, ok: expectedText === observed };
    }),
  );
}

function roleOf({ who, account }: Pick<Asker, 'who' | 'account'>, { application, enforcer }: DeployedRoles): RenderedRole {
  const arn = `arn:aws:iam::${account}:role/${who.replaceAll(/[^\w]/g, '-')}`;
  switch (who) {
    case 'application':
      return application;
    case 'enforcer':
      return enforcer;
    default:
      return { arn, policies: [who === 'administrator' ? mayDo('*') : mayDo('s3:*')] };
  }
}

function mayDo(action: string): Policy {
  return { Version: '2012-10-17', Statement: [{ Sid: 'Everything', Effect: 'Allow', Action: action, Resource: '*' }] };
}
