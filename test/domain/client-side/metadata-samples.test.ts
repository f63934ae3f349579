import { classifyMetadata } from '../../../lib/domain/client-side/metadata';

/**
 * Written by the AWS SDK for Java, and printed in its documentation:
 * https://github.com/aws/aws-sdk-java/blob/master/aws-java-sdk-s3/src/main/java/com/amazonaws/services/s3/package-info.java
 */
describe('the samples that AWS printed', () => {
  const matdesc = '{"kms_cmk_id":"d3fd2273-4ca0-4da5-b1c2-c89742ec6a26"}';
  const named = { keyCommitment: false, wrappingKeyArns: [], unnamedWrappingKeys: 1 };

  test('encryption only, by KMS', () => {
    const metadata = {
      'x-amz-key-v2':
        'CiAJ2GqwpJRnt4izujwoalC2YdNRNSMEslG5rw3pEI+J8hKnAQEBAwB4CdhqsKSUZ7eIs7o8KGpQtmHTUTUjBLJRua8N6RCPifIAAAB+MHwGCSqGSIb3DQEHBqBvMG0CAQAwaAYJKoZIhvcNAQcBMB4GCWCGSAFlAwQBLjARBAyD0rzN3KHViWixDVcCARCAOwhZ6xA8rob3Z0mNx3uKFieHKVyIC/PKlchALvG1oVLnf86mcZJNpTXtwMkKkDocVj3Z1zGjZTufFsOH',
      'x-amz-iv': 'xqOHh+M6y0UogwG5SHJM3Q==',
      'x-amz-unencrypted-content-length': '32768',
      'x-amz-cek-alg': 'AES/CBC/PKCS5Padding',
      'x-amz-wrap-alg': 'kms',
      'x-amz-matdesc': matdesc,
    };
    expect(classifyMetadata({ key: 'sample', size: 32_784, metadata })).toMatchObject({
      envelope: { version: 'V2', algorithm: 'AES/CBC/PKCS5Padding', ...named },
    });
    expect(classifyMetadata({ key: 'sample', size: 32_768, metadata }).kind).toBe('malformed');
  });

  test('authenticated encryption, by KMS', () => {
    const metadata = {
      'x-amz-key-v2':
        'CiAJ2GqwpJRnt4izujwoalC2YdNRNSMEslG5rw3pEI+J8hKnAQEBAwB4CdhqsKSUZ7eIs7o8KGpQtmHTUTUjBLJRua8N6RCPifIAAAB+MHwGCSqGSIb3DQEHBqBvMG0CAQAwaAYJKoZIhvcNAQcBMB4GCWCGSAFlAwQBLjARBAytFVyW4I6QmwcPK1ECARCAO1VzoM6KxA9DHyNMm/BEbbjle2vLA7IY7f9OkUoSqrdxgKxpNID9QaL/7928m1Djtld0bJpHefjm89C',
      'x-amz-iv': 'VZBksyij6DhrUMye',
      'x-amz-unencrypted-content-length': '32768',
      'x-amz-cek-alg': 'AES/GCM/NoPadding',
      'x-amz-wrap-alg': 'kms',
      'x-amz-matdesc': matdesc,
      'x-amz-tag-len': '128',
    };
    // As printed, the last character of the data key is missing.
    expect(metadata['x-amz-key-v2'].length % 4).toBe(3);
    const whole = { ...metadata, 'x-amz-key-v2': `${metadata['x-amz-key-v2']}A` };
    expect(classifyMetadata({ key: 'sample', size: 32_784, metadata: whole })).toMatchObject({
      envelope: { version: 'V2', algorithm: 'AES/GCM/NoPadding', ...named },
    });
    expect(classifyMetadata({ key: 'sample', size: 32_784, metadata }).kind).toBe('malformed');
  });
});
