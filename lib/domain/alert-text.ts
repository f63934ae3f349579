import type { TamperGroup } from './tamper-events';

/** What EventBridge makes of an event: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html */
export interface InputTransformerJson {
  readonly inputPathsMap: Readonly<Record<string, string>>;
  readonly inputTemplate: string;
}

const EVENT = { time: '$.time', account: '$.account', region: '$.region', id: '$.id', type: '$.detail-type' } as const;
/**
 * Fields that an event does not have are left empty. Not the user agent: whoever calls writes into it whatever they like, which would then stand in a mail
 * that people trust; and with quotes in it, might keep the alert from being made.
 */
const CALL = {
  call: '$.detail.eventName',
  error: '$.detail.errorCode',
  who: '$.detail.userIdentity.arn',
  service: '$.detail.userIdentity.invokedBy',
  from: '$.detail.sourceIPAddress',
  event: '$.detail.eventID',
} as const;

export function alertText(group: TamperGroup, runbook: string): InputTransformerJson {
  return group.isEventOfService === true ? serviceAlert(group, runbook) : callAlert(group, runbook);
}

/** An alert that says who did what to which resource, when, from where, and what to do now. */
function callAlert({ title, resourcePaths }: TamperGroup, runbook: string): InputTransformerJson {
  return alert({ ...EVENT, ...CALL, ...paths(resourcePaths) }, [
    `${title}.`,
    `What: <call>  (error, if it was refused: <error>)`,
    `Resource: ${resourcePaths.map((_, at) => `<resource${at}>`).join(' ')}`,
    'Who: <who> <service>',
    'When: <time>',
    'Where: account <account>, <region>, from <from>',
    'CloudTrail event: <event>',
    `What to do: ${runbook}`,
  ]);
}

/** An alert about an event that no call is known of. */
function serviceAlert({ title, resourcePaths }: TamperGroup, runbook: string): InputTransformerJson {
  return alert({ ...EVENT, ...paths(resourcePaths) }, [
    `${title}.`,
    'What: <type>',
    `Resource: ${resourcePaths.map((_, at) => `<resource${at}>`).join(' ')}`,
    'When: <time>',
    'Where: account <account>, <region>',
    `What to do: ${runbook}`,
  ]);
}

function paths(resourcePaths: readonly string[]): Record<string, string> {
  return Object.fromEntries(resourcePaths.map((path, at) => [`resource${at}`, path]));
}

/** Each line a text of its own; only the paths that a line names. */
export function alert(known: Readonly<Record<string, string>>, lines: readonly string[]): InputTransformerJson {
  const inputTemplate = lines.map((line) => JSON.stringify(line)).join('\n');
  const inputPathsMap = Object.fromEntries(Object.entries(known).filter(([name]) => inputTemplate.includes(`<${name}>`)));
  return { inputPathsMap, inputTemplate };
}
