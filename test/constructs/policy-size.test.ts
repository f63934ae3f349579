import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ClientSideFormat, EncryptedBucket, mixins, ObjectEncryption } from '../../lib';
import { renderedBytes } from '../../lib/internal/policy-size';
import { RIGHT_KEY } from '../domain/sample-keys';
import { complaintsOf, newStack, statementsOf, textOf } from '../support/stacks';

const LIMIT = 20_480;
const ADMIN = 'arn:aws:iam::111122223333:role/storage-admin';
const NAME = 'records-111122223333-eu-west-1';

const keyIn = (stack: Stack, number: number) =>
  kms.Key.fromKeyArn(stack, `Key${number}`, RIGHT_KEY.replace(/.{4}$/, String(number).padStart(4, '0')));

/** Each prefix requires SSE-KMS under keys of its own. */
function tenants(stack: Stack, prefixes: number, keys: number): ObjectEncryption {
  const encryptionOf = (tenant: number) =>
    ObjectEncryption.sseKms(...Array.from({ length: keys }, (_, key) => keyIn(stack, 1000 + tenant * keys + key)));
  return Array.from({ length: prefixes }).reduce<ObjectEncryption>(
    (whole, _, tenant) => whole.underPrefix(`tenants/customer-${String(tenant).padStart(2, '0')}/`, encryptionOf(tenant)),
    ObjectEncryption.sseKms(keyIn(stack, 0)),
  );
}

/** With statements on the tag of the enforcer, and a guard of the configuration. */
function everythingOn(prefixes: number, keys: number, bucketName?: string) {
  const stack = newStack();
  const encryption = tenants(stack, prefixes, keys);
  const { bucket } = new EncryptedBucket(stack, 'Records', { encryption, bucketName, configurationAdmins: [ADMIN] });
  return { stack, bucket, bytes: renderedBytes(bucket, bucket.policy?.document) };
}

describe('the size of a policy', () => {
  test('allows 20 prefixes with three keys each, with all that the library adds', () => {
    for (const bucketName of [NAME, undefined]) {
      const { stack, bytes } = everythingOn(20, 3, bucketName);
      expect(bytes).toBeLessThanOrEqual(LIMIT);
      expect(complaintsOf(stack)).toEqual([]);
    }
  });

  test('grows by one statement where instruction files or messages are accepted, under however many prefixes', () => {
    const withFormat = (format: ClientSideFormat, instructionFileSuffix?: string) =>
      Array.from({ length: 20 }).reduce<ObjectEncryption>(
        (whole, _, tenant) =>
          whole.underPrefix(
            `tenants/customer-${String(tenant).padStart(2, '0')}/`,
            ObjectEncryption.clientSide({ format, instructionFileSuffix }),
          ),
        ObjectEncryption.sseS3(),
      );
    const bytesOf = (encryption: ObjectEncryption) => {
      const bucket = s3.Bucket.fromBucketArn(newStack(), 'Imported', `arn:aws:s3:::${NAME}`);
      const statements = mixins.RequireEncryption.policyStatements(bucket, encryption).map((each) => each.toStatementJson());
      return { bytes: Buffer.byteLength(JSON.stringify(statements)), count: statements.length };
    };
    const plain = bytesOf(withFormat(ClientSideFormat.S3_ENCRYPTION_CLIENT));
    const [files, messages] = [
      bytesOf(withFormat(ClientSideFormat.S3_ENCRYPTION_CLIENT, '.instruction')),
      bytesOf(withFormat(ClientSideFormat.ENCRYPTION_SDK)),
    ];
    expect([files.count, messages.count]).toEqual([plain.count + 1, plain.count + 1]);
    // Twenty ARNs, and what stands around them.
    const arn = `arn:aws:s3:::${NAME}/tenants/customer-00/*`;
    expect(files.bytes - plain.bytes).toBeLessThan(20 * (arn.length + '.instruction'.length + 3) + 250);
    expect(messages.bytes - plain.bytes).toBeLessThan(20 * (arn.length + 3) + 250);
    expect(files.bytes).toBeLessThan(LIMIT / 2);
  });

  test('is, where all is known, what S3 will count', () => {
    const { stack, bucket, bytes } = everythingOn(20, 3, NAME);
    const arn = stack.resolve(bucket.bucketArn)['Fn::GetAtt'].join('.');
    const flat = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(flat);
      if (typeof value !== 'object' || value === null) return value;
      if ('Fn::Join' in value || 'Fn::GetAtt' in value || 'Ref' in value) return textOf(value, { [arn]: `arn:aws:s3:::${NAME}` });
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, flat(part)]));
    };
    const real = JSON.stringify({ Version: '2012-10-17', Statement: flat(statementsOf(stack, bucket)) });
    expect(real).not.toContain('$');
    expect(bytes - Buffer.byteLength(real)).toBeGreaterThanOrEqual(0);
    // The partition of references to roles counts as the longest there is.
    expect(bytes - Buffer.byteLength(real)).toBeLessThan(100);
  });

  test('counts names that are not known yet as the longest', () => {
    const [named, generated] = [everythingOn(5, 1, 'x'.repeat(63)), everythingOn(5, 1)];
    expect(generated.bytes).toBe(named.bytes);
    expect(everythingOn(5, 1, NAME).bytes).toBeLessThan(generated.bytes);
  });

  test('counts keys of this app as the ARNs that they get', () => {
    const stack = newStack();
    const key = new kms.Key(stack, 'Encryption');
    const bytesOf = (encryption: ObjectEncryption, id: string) => {
      const bucket = new s3.Bucket(stack, id, { bucketName: `records-${id}` });
      bucket.with(new mixins.RequireEncryption(encryption));
      return renderedBytes(bucket, bucket.policy?.document);
    };
    const literal = bytesOf(ObjectEncryption.sseKms(keyIn(stack, 1)), 'a');
    const unknown = bytesOf(ObjectEncryption.sseKms(key), 'b');
    expect(unknown - literal).toBe('arn:aws-us-gov:kms:us-gov-west-1:'.length - 'arn:aws:kms:eu-west-1:'.length);
  });

  test('is refused when the statements are made, with sizes and remedy', () => {
    const stack = newStack();
    const encryption = tenants(stack, 50, 2);
    const message =
      /^Data\/Records\/Resource: the bucket policy is larger than the 20480 bytes that S3 takes \(got "up to 3\d{4} bytes"\)\. Declare fewer or shorter prefixes, fewer keys, or give prefixes the same keys: what they share is said once\.$/;
    expect(() => new s3.Bucket(stack, 'Records').with(new mixins.RequireEncryption(encryption))).toThrow(message);
    const imported = s3.Bucket.fromBucketName(stack, 'Imported', NAME);
    expect(() => mixins.RequireEncryption.policyStatements(imported, encryption)).toThrow(/^Data\/Imported: the bucket policy is larger/);
  });

  test('fails the synthesis where statements of others are too many', () => {
    const stack = newStack();
    const { bucket } = new EncryptedBucket(stack, 'Records', { encryption: ObjectEncryption.sseS3() });
    for (let number = 0; number < 120; number += 1) {
      const principals = [new iam.ArnPrincipal(`arn:aws:iam::444455556666:role/reader-${number}`)];
      bucket.addToResourcePolicy(
        new iam.PolicyStatement({ principals, actions: ['s3:GetObject'], resources: [bucket.arnForObjects(`for-reader-${number}/*`)] }),
      );
    }
    expect(() => complaintsOf(stack)).toThrow(
      /Data\/Records\/Bucket\/Resource: the bucket policy is larger than the 20480 bytes that S3 takes \(got "up to \d{5} bytes"\)/,
    );
  });
});
