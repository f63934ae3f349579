import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { MOTO_START_MILLIS, type Moto, startMoto } from '../support/moto-server';
import { describeObjectStore } from '../support/object-store-contract';
import { StoreOnEndpoint } from '../support/store-on-endpoint';

/** Rows of the contract where moto 5.2.5 is not like AWS. */
const MOTO_DIFFERS: Readonly<Record<string, string>> = {
  'an SSE-C object answers bad-request without, and forbidden with, a key that is not its own':
    'it knows no SSE-C: the headers are ignored, and the object is one like any other',
  'an object that is not SSE-C answers bad-request to a customer-provided key': 'it knows no SSE-C',
  'a copy of an SSE-C object without its key is refused, and nothing is written': 'it knows no SSE-C',
  'head of an object from before versioning tells the version id `null`': 'it tells no version id',
  'where versioning never was on, the version `null` is the object': 'it answers 400',
  'where versioning is suspended, a new null version takes the place of the old one': 'it takes the place of all versions',
  'a copy under SSE-KMS has another ETag than its original': 'the ETag is the MD5 of the content, however it is encrypted',
  'a copy is not made of an object that has another ETag by now': 'it ignores x-amz-copy-source-if-match',
  'a copy onto a newer object is not made, though its original is as it was': 'it ignores the conditions on the target of a copy',
  'a copy that must replace what is not there any more is not made': 'it ignores the conditions on the target of a copy',
  'a copy that must not replace anything is made where nothing is, and on a delete marker, and nowhere else':
    'it ignores the conditions on the target of a copy',
  'a copy is not made of an object that has another ETag, though its place is as it was': 'it ignores x-amz-copy-source-if-match',
  'encrypted anew in place, a version is the same in all but its encryption, and the others stay as they are':
    'UpdateObjectEncryption is taken for an upload of nothing',
  'encrypting anew in place what is not there says gone': 'UpdateObjectEncryption is taken for an upload of nothing',
  'an SSE-C object is not encrypted anew in place': 'UpdateObjectEncryption is taken for an upload of nothing',
  'a part is not copied of an object that has another ETag by now': 'it ignores x-amz-copy-source-if-match',
  'a part is not copied of an object that is gone': 'it answers 404 without a code',
  'a copy in parts that was given up is gone for everybody, and leaves nothing': 'it answers 500 to a part of an upload that is not there',
  'reading and replacing tags tells whose they are: the id of the newest version, and none where versioning never was on':
    'it tells none where tags are replaced',
  'an object that nobody annotated has no annotations; what is not there is gone': 'it answers with the object itself',
  'a checksum is told where it is asked for, is that of every copy, and differs between contents': 'it tells no type of checksum',
};

let moto: Moto;
let s3: S3Client;
let kmsKeyArn = '';

beforeAll(async () => {
  moto = await startMoto();
  s3 = new S3Client({ ...moto.clientConfig, forcePathStyle: true });
  kmsKeyArn = (await new KMSClient(moto.clientConfig).send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
}, MOTO_START_MILLIS);

afterAll(async () => {
  s3?.destroy();
  await moto?.stop();
});

describeObjectStore('S3ObjectStore on moto', () => new StoreOnEndpoint(s3, kmsKeyArn), MOTO_DIFFERS);
