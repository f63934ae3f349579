import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENTS } from '../../lib/domain/contract';
import { RetryableError } from '../shared/errors';

/** Sends the events of a violation to the account's default event bus. */
export function violationAnnouncer(client: EventBridgeClient, enforcer: string) {
  return async (detail: Readonly<Record<string, unknown>>): Promise<void> => {
    const detailTypes = detail['outcome'] === 'quarantined' ? [EVENTS.violation, EVENTS.quarantined] : [EVENTS.violation];
    const Detail = JSON.stringify({ version: EVENTS.version, ...detail, enforcer });
    const Entries = detailTypes.map((DetailType) => ({ Source: EVENTS.source, DetailType, Detail }));
    const answer = await client.send(new PutEventsCommand({ Entries }));
    // PutEvents answers 200 even where it took nothing.
    if (answer.FailedEntryCount === 0) return;
    const reason = answer.Entries?.find(({ ErrorMessage }) => ErrorMessage !== undefined)?.ErrorMessage ?? 'no reason given';
    throw new RetryableError(`EventBridge did not take the violation event: ${reason}`);
  };
}
