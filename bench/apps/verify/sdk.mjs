// The load of a bare loop: one HeadObjectCommand for each object with the SDK, bundled and connected as the handler's, and nothing else. The SDK is as it comes, unless told to keep its middleware.
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CONNECTION } from '../../../lambda/shared/connection.ts';

const cacheMiddleware = process.env.CACHE_MIDDLEWARE === 'true';
const client = new S3Client({ forcePathStyle: true, requestHandler: CONNECTION, cacheMiddleware });

export async function verify(keys) {
  const VersionId = 'KSrqvBJuwzSQ9nIChaJPCoRVXsvLzn8o';
  const heads = await Promise.all(keys.map((Key) => client.send(new HeadObjectCommand({ Bucket: 'bench-bucket', Key, VersionId }))));
  if (heads.some(({ ServerSideEncryption }) => ServerSideEncryption !== 'aws:kms')) throw new Error('not what the stub answers');
}
