import type { IConstruct } from 'constructs';
import type { ObjectEncryption } from '../object-encryption';
import { requireValid } from './require-valid';

/** For callers that no compiler checks: `s3.BucketEncryption.KMS`, a key, or a factory that was not called. */
export function requireObjectEncryption(user: IConstruct, encryption: ObjectEncryption | undefined): void {
  requireValid(user, typeof encryption?._declarationFor === 'function' && Array.isArray(encryption._parts?.others), {
    what: 'encryption must be an ObjectEncryption',
    value: String(encryption),
    remedy: 'Pass for example ObjectEncryption.sseKms(key) or ObjectEncryption.sseS3().',
  });
}
