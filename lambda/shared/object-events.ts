import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENTS } from '../../lib/domain/contract';
import { printableFields } from '../../lib/domain/object-events';
import { RetryableError, ThrottledError } from './errors';

/** By outcome; a violation, whatever was done about it, unless it stands here. */
const DETAIL_TYPES: Readonly<Record<string, readonly string[]>> = {
  quarantined: [EVENTS.violation, EVENTS.quarantined],
  're-encrypted': [EVENTS.violation, EVENTS.reencrypted],
  released: [EVENTS.released],
  discarded: [EVENTS.discarded],
};

/** Sends the events of one object to the account's default event bus. */
export function objectAnnouncer(client: EventBridgeClient, enforcer: string) {
  return async (detail: Readonly<Record<string, unknown>>): Promise<void> => {
    const detailTypes = DETAIL_TYPES[String(detail['outcome'])] ?? [EVENTS.violation];
    const Detail = JSON.stringify({ version: EVENTS.version, ...detail, enforcer, printable: printableFields(detail) });
    const Entries = detailTypes.map((DetailType) => ({ Source: EVENTS.source, DetailType, Detail }));
    const answer = await client.send(new PutEventsCommand({ Entries })).catch((error: unknown) => {
      throw isThrottling(error instanceof Error ? error.name : undefined)
        ? new ThrottledError(refusal(String(error)), { cause: error })
        : error;
    });
    // PutEvents answers 200 even where it took nothing.
    if (answer.FailedEntryCount === 0) return;
    const { ErrorCode, ErrorMessage = 'no reason given' } = answer.Entries?.find((entry) => entry.ErrorCode !== undefined) ?? {};
    throw isThrottling(ErrorCode) ? new ThrottledError(refusal(ErrorMessage)) : new RetryableError(refusal(ErrorMessage));
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/CommonErrors.html, for a request and for one of its entries. */
function isThrottling(code: string | undefined): boolean {
  return code === 'ThrottlingException' || code === 'RequestLimitExceeded';
}

function refusal(reason: string): string {
  return `EventBridge did not take the violation event: ${reason}`;
}
