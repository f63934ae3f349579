/**
 * How the Amazon S3 Encryption Client wraps a data key, and how long that makes it: the data key has 32 bytes. Names as in
 * https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/s3-encryption/data-format/content-metadata.md.
 */
export type WrappingAlgorithm = 'AES/GCM' | 'AESWrap' | 'kms+context' | 'kms' | 'RSA/ECB/OAEPWithSHA-256AndMGF1Padding' | 'RSA-OAEP-SHA1';

const IV_KEY_AND_TAG = 12 + 32 + 16;
/** The key and a block of eight bytes: RFC 3394. */
const KEY_AND_CHECK = 32 + 8;
/** The key and a block of padding: `AES/ECB`, of V1. */
const KEY_AND_PADDING = 32 + 16;

/** Of an RSA modulus of 1024 to 16384 bits. Those of 512 bits hold no OAEP of 32 bytes. */
export const isModulusLength = (length: number): boolean => length >= 128 && length <= 2048 && length % 64 === 0;

/**
 * KMS says no more of its ciphertext than the most that Decrypt takes
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html). It names the key and has an IV and a tag: longer than AES/GCM.
 */
export const isKmsCiphertextLength = (length: number): boolean => length > IV_KEY_AND_TAG && length <= 6144;

const LENGTH: Readonly<Record<WrappingAlgorithm, (length: number) => boolean>> = {
  'AES/GCM': (length) => length === IV_KEY_AND_TAG,
  AESWrap: (length) => length === KEY_AND_CHECK,
  'kms+context': isKmsCiphertextLength,
  kms: isKmsCiphertextLength,
  'RSA/ECB/OAEPWithSHA-256AndMGF1Padding': isModulusLength,
  'RSA-OAEP-SHA1': isModulusLength,
};

export function wrappingAlgorithm(name: string): WrappingAlgorithm | undefined {
  return Object.keys(LENGTH).find((each): each is WrappingAlgorithm => each === name);
}

/** V3 writes two digits instead of the name. */
export function wrappingAlgorithmOfV3(digits: string): WrappingAlgorithm | undefined {
  switch (digits) {
    case '02':
      return 'AES/GCM';
    case '12':
      return 'kms+context';
    case '22':
      return 'RSA-OAEP-SHA1';
    default:
      return undefined;
  }
}

export const isWrappedKeyLength = (algorithm: WrappingAlgorithm, length: number): boolean => LENGTH[algorithm](length);

/** V1 does not name it: AES in ECB mode, or RSA. */
export const isWrappedKeyLengthOfV1 = (length: number): boolean => length === KEY_AND_PADDING || isModulusLength(length);
