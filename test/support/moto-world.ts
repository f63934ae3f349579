import { randomUUID } from 'node:crypto';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, DeleteMessageCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Stack } from 'aws-cdk-lib';
import { clientEnvironment } from '../../demo/engine/environment';
import { unquoted } from '../../lambda/shared/object-store';
import { EVENTS } from '../../lib/domain/contract';
import { type EventObject, objectCreated, sqsEvent } from './events';
import { type Moto, startMoto } from './moto-server';
import { type Invocation, runBundle } from './run-bundle';
import { deployTemplate, functionEnvironment, type Resolve } from './template-deployment';

/** How an upload asks to be encrypted, and what comes with it. */
export type UploadOptions = Partial<
  Pick<PutObjectCommandInput, 'ServerSideEncryption' | 'SSEKMSKeyId' | 'ContentType' | 'Metadata' | 'Tagging'>
>;

/** An object as the event of its creation names it. */
export type Uploaded = EventObject & { readonly body: string };

/** A stack on moto, with the bundle of its function, and all that a person who uploads and looks can do. */
export class MotoWorld {
  static async deploy(stack: Stack): Promise<MotoWorld> {
    const moto = await startMoto();
    try {
      const resolve = await deployTemplate(stack, moto.clientConfig);
      const world = new MotoWorld(moto, resolve, functionEnvironment(stack, resolve));
      await world.collectViolations();
      return world;
    } catch (error) {
      await moto.stop();
      throw error;
    }
  }

  private readonly s3: S3Client;
  private readonly sqs: SQSClient;
  private violationQueue = '';
  private readonly violations: Record<string, unknown>[] = [];

  private constructor(
    private readonly moto: Moto,
    readonly resolve: Resolve,
    private readonly variables: Readonly<Record<string, string>>,
  ) {
    this.s3 = new S3Client({ ...moto.clientConfig, forcePathStyle: true });
    this.sqs = new SQSClient({ ...moto.clientConfig, useQueueUrlAsEndpoint: false });
  }

  get workarounds(): readonly string[] {
    return this.moto.workarounds;
  }

  async stop(): Promise<void> {
    this.s3.destroy();
    this.sqs.destroy();
    await this.moto.stop();
  }

  async createKey(): Promise<string> {
    const { KeyMetadata } = await new KMSClient(this.moto.clientConfig).send(new CreateKeyCommand({}));
    return KeyMetadata?.Arn ?? '';
  }

  async put(bucket: string, options: UploadOptions = {}, key = `reports/${randomUUID()}.csv`): Promise<Uploaded> {
    const object = { bucket, key, body: `content ${randomUUID()}` };
    const input = { Bucket: bucket, Key: object.key, Body: object.body, ...options };
    const { VersionId: versionId, ETag: etag = '' } = await this.s3.send(new PutObjectCommand(input));
    return { ...object, versionId, etag: unquoted(etag), size: object.body.length };
  }

  async putInParts(bucket: string, options: UploadOptions = {}): Promise<Uploaded> {
    // All parts but the last have 5 MiB at least.
    const parts = ['a'.repeat(5 * 1024 * 1024), `content ${randomUUID()}`];
    const object = { Bucket: bucket, Key: `reports/${randomUUID()}.bin` };
    const { UploadId } = await this.s3.send(new CreateMultipartUploadCommand({ ...object, ...options }));
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    for (const [at, Body] of parts.entries()) {
      const { ETag } = await this.s3.send(new UploadPartCommand({ ...object, UploadId, PartNumber: at + 1, Body }));
      Parts.push({ PartNumber: at + 1, ETag });
    }
    const completion = new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts } });
    const { VersionId: versionId, ETag: etag = '' } = await this.s3.send(completion);
    const body = parts.join('');
    return { bucket, key: object.Key, versionId, etag: unquoted(etag), size: body.length, body };
  }

  /** What HEAD says of its encryption. */
  async encryptionOf({ bucket, key, versionId }: EventObject) {
    const head = await this.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
    return { scheme: head.ServerSideEncryption, keyArn: head.SSEKMSKeyId };
  }

  async versionsOf({ bucket, key }: EventObject): Promise<(string | undefined)[]> {
    const { Versions = [], DeleteMarkers = [] } = await this.s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }));
    return [...Versions, ...DeleteMarkers].map(({ VersionId }) => VersionId);
  }

  /** An object with all that an upload gave it. */
  async contentAt(location: string) {
    const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(location) ?? [];
    const object = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const { TagSet } = await this.s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }));
    const { ContentType, Metadata, ServerSideEncryption: scheme, SSEKMSKeyId: keyArn } = object;
    return { bucket, body: await object.Body?.transformToString(), ContentType, Metadata, TagSet, scheme, keyArn };
  }

  /** Runs the bundle on the event that EventBridge would send of each object, or on other messages. */
  async enforce(...messages: readonly (Uploaded | { readonly message: unknown })[]): Promise<Invocation & { requests: string[] }> {
    const bodies = messages.map((one) => ('message' in one ? one.message : objectCreated(one)));
    const event = sqsEvent(Object.fromEntries(bodies.map((body, at) => [`message-${at}`, body])));
    const env = { ...clientEnvironment(this.moto.endpoint, {}), ...this.variables };
    const { result, requests } = await this.moto.requestsDuring(() => runBundle(event, env));
    return { ...result, requests };
  }

  /** The details of the violation events about an object, so far. */
  async violationsOf({ bucket, key }: EventObject): Promise<Record<string, unknown>[]> {
    const queue = { QueueUrl: this.violationQueue };
    const { Messages = [] } = await this.sqs.send(new ReceiveMessageCommand({ ...queue, MaxNumberOfMessages: 10 }));
    for (const { Body = '', ReceiptHandle } of Messages) {
      this.violations.push(JSON.parse(Body).detail);
      await this.sqs.send(new DeleteMessageCommand({ ...queue, ReceiptHandle }));
    }
    return this.violations.filter((detail) => detail['bucket'] === bucket && detail['key'] === key);
  }

  /** As a consumer would: a rule on the default bus, that sends to a queue. */
  private async collectViolations(): Promise<void> {
    const { QueueUrl } = await this.sqs.send(new CreateQueueCommand({ QueueName: 'violations' }));
    const { Attributes } = await this.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const events = new EventBridgeClient(this.moto.clientConfig);
    const pattern = { source: [EVENTS.source], 'detail-type': [EVENTS.violation] };
    await events.send(new PutRuleCommand({ Name: 'violations', EventPattern: JSON.stringify(pattern) }));
    await events.send(new PutTargetsCommand({ Rule: 'violations', Targets: [{ Id: 'queue', Arn: Attributes?.['QueueArn'] }] }));
    this.violationQueue = QueueUrl ?? '';
  }
}
