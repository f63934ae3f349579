import { describeObservation, type EncryptionFields, observedEncryption } from '../../lib/domain/observation';
import { RIGHT_KEY } from './sample-keys';

describe('what a HeadObject answer says of the encryption', () => {
  test.each<[string, EncryptionFields, object]>([
    ['no encryption field', {}, { kind: 'none' }],
    ['AES256', { ServerSideEncryption: 'AES256' }, { kind: 'SSE-S3' }],
    ['aws:kms', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: RIGHT_KEY }, { kind: 'SSE-KMS', keyId: RIGHT_KEY }],
    ['aws:kms, no key', { ServerSideEncryption: 'aws:kms' }, { kind: 'SSE-KMS', keyId: undefined }],
    ['aws:kms:dsse', { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: RIGHT_KEY }, { kind: 'DSSE-KMS', keyId: RIGHT_KEY }],
    ['a customer algorithm', { SSECustomerAlgorithm: 'AES256' }, { kind: 'SSE-C' }],
    ['a customer algorithm besides AES256', { SSECustomerAlgorithm: 'AES256', ServerSideEncryption: 'AES256' }, { kind: 'SSE-C' }],
    ['aws:fsx', { ServerSideEncryption: 'aws:fsx' }, { kind: 'unknown', value: 'aws:fsx' }],
    ['aws:backup', { ServerSideEncryption: 'aws:backup' }, { kind: 'unknown', value: 'aws:backup' }],
    ['a prefix of a known value', { ServerSideEncryption: 'aws:km' }, { kind: 'unknown', value: 'aws:km' }],
    ['an empty value', { ServerSideEncryption: '' }, { kind: 'unknown', value: '' }],
  ])('%s', (_, head, expected) => {
    expect(observedEncryption(head)).toEqual(expected);
  });
});

describe('an observation in one line for people', () => {
  test.each([
    [{ kind: 'SSE-S3' as const }, 'SSE-S3'],
    [{ kind: 'SSE-C' as const }, 'SSE-C'],
    [{ kind: 'SSE-KMS' as const, keyId: RIGHT_KEY }, `SSE-KMS under ${RIGHT_KEY}`],
    [{ kind: 'DSSE-KMS' as const, keyId: undefined }, 'DSSE-KMS, key not reported'],
    [{ kind: 'none' as const }, 'not encrypted by S3'],
    [{ kind: 'unknown' as const, value: 'aws:fsx' }, 'unknown value "aws:fsx"'],
    [{ kind: 'unreadable' as const, why: 'HTTP 400' }, 'unreadable: HTTP 400'],
  ])('%j reads "%s"', (observed, line) => {
    expect(describeObservation(observed)).toBe(line);
  });
});
