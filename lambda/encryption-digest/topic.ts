import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { DigestMessage } from './digest-text';

/** Not by an event and a rule, as other alerts go: only whoever publishes says the subject, which is what people read first. */
export function topicPublisher(client: SNSClient, TopicArn: string) {
  return async ({ subject, text }: DigestMessage): Promise<string | undefined> => {
    const { MessageId } = await client.send(new PublishCommand({ TopicArn, Subject: subject, Message: text }));
    return MessageId;
  };
}
