import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { QueueName, SendMessage } from './resend';

/** Puts messages into the enforcer's own queues. An error leaves the message that it was to replace where it is. */
export function messageSender(client: SQSClient, urls: Readonly<Record<QueueName, string>>): SendMessage {
  return async (queue, body, delaySeconds) => {
    await client.send(new SendMessageCommand({ QueueUrl: urls[queue], MessageBody: body, DelaySeconds: delaySeconds }));
  };
}
