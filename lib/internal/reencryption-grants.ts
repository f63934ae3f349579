import { Annotations, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { acceptedByPlace, type EncryptionDeclaration } from '../domain/declaration';
import { reencryptionTargets } from '../domain/reencryption';
import { describeAccepted } from '../domain/requirement';
import { rekeyStatements } from './enforcer-permissions';
import { grantKeyUse } from './key-grants';
import { homeOf } from './key-trust';
import { faultMessage } from './require-valid';
import { areDifferent } from './same-home';

/** A bucket whose objects are to be encrypted anew, with every key that is accepted anywhere in it. */
export interface Reencrypted {
  readonly bucket: s3.IBucket;
  readonly declaration: EncryptionDeclaration;
  readonly keys: readonly kms.IKey[];
}

/**
 * Lets the role of an enforcer use the keys that objects may be encrypted under anew, and no others. UpdateObjectEncryption takes keys of the
 * bucket's own account only, so under others objects are copied.
 *
 * @returns what it may do besides
 */
export function grantReencryption({ bucket, declaration, keys }: Reencrypted, role: iam.IRole): iam.PolicyStatement[] {
  const targets = acceptedByPlace(declaration).flatMap(reencryptionTargets);
  const keysFor = (scheme: string) => {
    const keyArns = new Set(targets.flatMap((each) => (each.scheme === scheme && 'keyArn' in each ? [each.keyArn] : [])));
    return [...keyArns].map((keyArn) => {
      const known = keys.find((key) => key.keyArn === keyArn);
      if (known === undefined) throw new Error(`${bucket.node.path}: no key of its encryption has the ARN ${keyArn}; please report this`);
      return known;
    });
  };
  const inPlace = keysFor('SSE-KMS').filter((key) => !isForeign(key, bucket));
  const byCopy = [...keysFor('SSE-KMS').filter((key) => isForeign(key, bucket)), ...keysFor('DSSE-KMS')];
  if (inPlace.length > 0) grantKeyUse(bucket, inPlace, role, 'update-object-encryption');
  if (byCopy.length > 0) grantKeyUse(bucket, byCopy, role, 'write');
  return inPlace.length > 0 ? rekeyStatements(bucket) : [];
}

/** Where S3 can make no object compliant, the action that was asked for is never taken. */
export function warnOfNoReencryption(bucket: s3.IBucket, declaration: EncryptionDeclaration): void {
  const hopeless = acceptedByPlace(declaration).filter((accepted) => reencryptionTargets(accepted).length === 0);
  for (const accepted of hopeless) {
    const fault = {
      what: 'S3 cannot encrypt any object as required, so wrong objects are quarantined instead of being encrypted anew',
      value: describeAccepted(accepted),
      remedy: 'Use EnforcementAction.QUARANTINE, or accept something else as well with alsoAccept().',
    };
    Annotations.of(bucket).addWarningV2('cdk-s3-encryption-guard:NoReencryption', faultMessage(bucket, fault));
  }
}

function isForeign(key: kms.IKey, bucket: s3.IBucket): boolean {
  return areDifferent(homeOf(key).account, Stack.of(bucket).account);
}
