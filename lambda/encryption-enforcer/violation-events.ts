import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { VIOLATION_EVENT } from '../../lib/domain/contract';
import { RetryableError } from '../shared/errors';

/** Sends violations to the account's default event bus, one event each. */
export function violationAnnouncer(client: EventBridgeClient, enforcer: string) {
  return async (detail: Readonly<Record<string, unknown>>): Promise<void> => {
    const entry = {
      Source: VIOLATION_EVENT.source,
      DetailType: VIOLATION_EVENT.detailType,
      Detail: JSON.stringify({ ...detail, enforcer }),
    };
    const answer = await client.send(new PutEventsCommand({ Entries: [entry] }));
    // PutEvents answers 200 even where it took nothing.
    if (answer.FailedEntryCount !== 0) {
      throw new RetryableError(`EventBridge did not take the violation event: ${answer.Entries?.[0]?.ErrorMessage ?? 'no reason given'}`);
    }
  };
}
