/** How the Amazon S3 Encryption Client encrypts the object itself. */
export type ContentAlgorithm = 'AES/CBC/PKCS5Padding' | 'AES/GCM/NoPadding' | '115';

const CBC_BLOCK = 16;
const GCM_TAG = 16;
/** https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/s3-encryption/encryption.md#content-encryption. */
const GCM_MAXIMUM = 2 ** 36 - 32;

/** In bytes; of `115`, whose IV is zeros, that of the message id in its place. */
export const IV_LENGTH: Readonly<Record<ContentAlgorithm, number>> = { 'AES/CBC/PKCS5Padding': 16, 'AES/GCM/NoPadding': 12, '115': 28 };

/** Why an object of this size cannot be the ciphertext; of a plaintext with this length, where that is stated. */
export function sizeFault(algorithm: ContentAlgorithm, size: number, plaintextLength: string | undefined): string | undefined {
  const fault = algorithm === 'AES/CBC/PKCS5Padding' ? cbcFault(size) : gcmFault(size);
  if (fault !== undefined || plaintextLength === undefined) return fault;
  if (!/^(0|[1-9][0-9]{0,15})$/.test(plaintextLength)) return 'x-amz-unencrypted-content-length is not a length';
  const expected = ciphertextSize(algorithm, Number(plaintextLength));
  return size === expected ? undefined : `${plaintextLength} bytes of plaintext make ${expected} of ciphertext, and the object has ${size}`;
}

function cbcFault(size: number): string | undefined {
  return size > 0 && size % CBC_BLOCK === 0 ? undefined : `an object of ${size} bytes is no whole number of AES blocks`;
}

function gcmFault(size: number): string | undefined {
  if (size < GCM_TAG) return `an object of ${size} bytes has no room for the authentication tag`;
  return size - GCM_TAG > GCM_MAXIMUM ? `an object of ${size} bytes is more than AES-GCM encrypts` : undefined;
}

/** PKCS #5 always pads, with a whole block if need be. */
function ciphertextSize(algorithm: ContentAlgorithm, plaintext: number): number {
  return algorithm === 'AES/CBC/PKCS5Padding' ? plaintext - (plaintext % CBC_BLOCK) + CBC_BLOCK : plaintext + GCM_TAG;
}
