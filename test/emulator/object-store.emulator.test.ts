import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { describeObjectStore } from '../support/object-store-contract';
import { StoreOnEndpoint } from '../support/store-on-endpoint';

/** Rows of the contract where MiniStack is not like AWS. */
const ENGINE_DIFFERS: Readonly<Record<string, string>> = {
  'head of an object from before versioning tells the version id `null`': 'it tells no version id',
  'a copy under SSE-KMS has another ETag than its original': 'the ETag is the MD5 of the content, however it is encrypted',
  'a copy in parts has the bytes, metadata and tags of its original, under the key of the target, and leaves the original':
    'it forgets the tags that CreateMultipartUpload names',
  'a copy in parts keeps tags of whatever characters tags may have': 'it forgets the tags that CreateMultipartUpload names',
  'deleting the current object where versioning is on lays a marker with an id, and the null version stays':
    'the null version is lost below the marker',
  'encrypted anew in place, a version is the same in all but its encryption, and the others stay as they are':
    'UpdateObjectEncryption is taken for an upload of nothing',
  'encrypting anew in place what is not there says gone': 'UpdateObjectEncryption is taken for an upload of nothing',
  'an SSE-C object is not encrypted anew in place': 'UpdateObjectEncryption is taken for an upload of nothing',
  'a copy onto a newer object is not made, though its original is as it was': 'CopyObject ignores the conditions on its target',
  'a copy that must replace what is not there any more is not made': 'CopyObject ignores the conditions on its target',
  'a copy that must not replace anything is made where nothing is, and on a delete marker, and nowhere else':
    'CopyObject ignores the conditions on its target',
};

const s3 = new S3Client({ forcePathStyle: true });
const kms = new KMSClient({});
let kmsKeyArn = '';

beforeAll(async () => {
  kmsKeyArn = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
});

afterAll(() => {
  s3.destroy();
  kms.destroy();
});

describeObjectStore('S3ObjectStore on the local engine', () => new StoreOnEndpoint(s3, kmsKeyArn), ENGINE_DIFFERS);
