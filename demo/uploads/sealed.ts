import { createCipheriv, randomBytes } from 'node:crypto';
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node';
import { encrypt } from '../../examples/client-side-encryption/client';
import type { SealedContent } from '../matrix/upload-case';

/** What a client makes of a file before it sends it. */
export interface Sealed {
  readonly body: Buffer;
  readonly metadata?: Record<string, string>;
}

export async function sealed(content: SealedContent | undefined, file: Buffer): Promise<Sealed> {
  switch (content) {
    case undefined:
      return { body: file };
    case 'Encryption SDK message':
      return { body: await message(file) };
    case 'message without key commitment':
      return { body: await uncommittedMessage(file) };
    case 'forged message':
      return { body: forged(await message(Buffer.from('nothing'))) };
    case 'S3 Encryption Client metadata':
      return withMetadata(file);
    case 'bare x-amz-c':
      return { body: file, metadata: { 'x-amz-c': '115' } };
  }
}

/** As the client of the example writes it, under a key that only it has. */
const message = (file: Buffer) => encrypt(file, randomBytes(32));

async function uncommittedMessage(file: Buffer): Promise<Buffer> {
  const sdk = buildClient(CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT);
  const keyring = new RawAesKeyringNode({
    keyName: 'demo',
    keyNamespace: 'an older client',
    unencryptedMasterKey: new Uint8Array(randomBytes(32)),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  const suiteId = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA256;
  return (await sdk.encrypt(keyring, file, { suiteId })).result;
}

/** Begins as a message does: version, suite, id. Then its encryption context is said to be longer than there is. */
function forged(real: Buffer): Buffer {
  const END_OF_ID = 35;
  return Buffer.concat([real.subarray(0, END_OF_ID), Buffer.from([0xff, 0xff]), real.subarray(END_OF_ID + 2)]);
}

/**
 * There is no S3 Encryption Client for JavaScript, so this is the envelope of its version 3 around real ciphertext, with a made-up wrapped key:
 * evidence, not proof (docs/guarantees.md).
 */
function withMetadata(file: Buffer): Sealed {
  const cipher = createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12));
  const body = Buffer.concat([cipher.update(file), cipher.final(), cipher.getAuthTag()]);
  const made = (bytes: number) => randomBytes(bytes).toString('base64');
  const metadata = { 'x-amz-c': '115', 'x-amz-w': '02', 'x-amz-3': made(60), 'x-amz-d': made(28), 'x-amz-i': made(28), 'x-amz-m': '{}' };
  return { body, metadata };
}
