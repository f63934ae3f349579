/**
 * Encrypts what it reads with the AWS Encryption SDK, and puts it into a bucket: that of ../client-side-encryption.ts, or any other. S3 never
 * sees the plaintext, nor the key.
 *
 *     export WRAPPING_KEY=$(openssl rand -base64 32)
 *     npx tsx examples/client-side-encryption/client.ts BUCKET KEY < FILE
 *
 * Each object gets a data key of its own, which lies beside the content, wrapped by yours: keep that, or nobody reads the objects again. In
 * place of the raw key here, `KmsKeyringNode` of the same package has KMS keep it; then the message names the KMS key, and the enforcer
 * compares it with those you allow. Elsewhere: npm install @aws-crypto/client-node @aws-sdk/client-s3.
 */
import { buffer } from 'node:stream/consumers';
import { buildClient, CommitmentPolicy, RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from '@aws-crypto/client-node';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** Only suites that bind the content to its data key, so that no object decrypts to two plaintexts. */
const sdk = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);

const keyring = (wrappingKey: Uint8Array) =>
  new RawAesKeyringNode({
    keyNamespace: 'documents',
    keyName: 'wrapping-key-1',
    // A copy: the keyring overwrites what it is given.
    unencryptedMasterKey: wrappingKey.slice(),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });

/** Resolves to one message of the Encryption SDK: what becomes the object. */
export async function encrypt(plaintext: Uint8Array, wrappingKey = wrappingKeyFromEnvironment()): Promise<Buffer> {
  const { result } = await sdk.encrypt(keyring(wrappingKey), plaintext, { encryptionContext: { purpose: 'documents' } });
  return result;
}

/** Rejects, if the message was changed, or written under another key, or for another purpose. */
export async function decrypt(message: Uint8Array, wrappingKey = wrappingKeyFromEnvironment()): Promise<Buffer> {
  const { plaintext, messageHeader } = await sdk.decrypt(keyring(wrappingKey), message);
  if (messageHeader.encryptionContext['purpose'] !== 'documents') throw new Error('the message was written for another purpose');
  return plaintext;
}

function wrappingKeyFromEnvironment(): Uint8Array {
  const key = new Uint8Array(Buffer.from(process.env['WRAPPING_KEY'] ?? '', 'base64'));
  if (key.length !== 32) throw new Error('WRAPPING_KEY is not 32 bytes in Base64; make one with: openssl rand -base64 32');
  return key;
}

async function main([bucket, key]: readonly string[]): Promise<void> {
  if (bucket === undefined || key === undefined) throw new Error('usage: client.ts BUCKET KEY < FILE');
  const message = await encrypt(await buffer(process.stdin));
  await new S3Client().send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: message }));
  console.log(`s3://${bucket}/${key}: ${message.length} bytes, encrypted`);
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
