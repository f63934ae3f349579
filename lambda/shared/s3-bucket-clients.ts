import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

/** More than one enforcer serves; buckets that only a message names must not fill the memory. */
const MOST_CLIENTS = 100;

/**
 * Clients for the one call that every object needs, which keep the middleware of the SDK between calls instead of building it for each: a
 * quarter of what a HEAD costs (docs/decisions/0009-what-a-verdict-costs.md). What is kept includes the endpoint of the last call. A call that is
 * under way beside another can get that of the other (test/lambda/s3-calls-at-once.test.ts shows it), so each bucket has a client of its own:
 * there, all of them are the same.
 */
export class S3BucketClients {
  private readonly clients = new Map<string, S3Client>();

  /** @param client - whose connections and credentials they share */
  constructor(
    private readonly config: S3ClientConfig,
    private readonly client: S3Client,
  ) {}

  of(bucket: string): S3Client {
    const known = this.clients.get(bucket);
    if (known !== undefined) return known;
    if (this.clients.size >= MOST_CLIENTS) this.clients.clear();
    const { requestHandler, credentials } = this.client.config;
    const client = new S3Client({ ...this.config, requestHandler, credentials, cacheMiddleware: true });
    this.clients.set(bucket, client);
    return client;
  }
}
