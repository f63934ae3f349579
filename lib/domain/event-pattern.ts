/** Patterns of EventBridge rules on what CloudTrail records: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
export type EventPatternJson = Readonly<Record<string, unknown>>;

export const CLOUDTRAIL_CALL = 'AWS API Call via CloudTrail';

/** Largest pattern, in characters, that no account has to ask for: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
export const MAX_PATTERN_CHARACTERS = 2048;

/** An exact value, or a way to compare. */
export type Matcher = string | { readonly prefix: string } | { readonly suffix: string } | { readonly wildcard: string };

/** Calls of one service that change one kind of thing. */
export interface WatchedCalls {
  /** As in `s3.amazonaws.com` and `aws.s3`. */
  readonly service: string;
  /** As CloudTrail prints them: neither names of the API, nor of IAM. */
  readonly eventNames: readonly Matcher[];
}

/** Fields of a call, each with the values of which it must have one. */
export type Fields = { readonly [name: string]: Fields | readonly unknown[] };

/**
 * Refused calls match as well as those that changed something.
 *
 * @param anyOf - where the thing that is changed may stand; one of these has to match
 * @param spared - ARNs of roles whose calls do not match
 */
export function callPattern(
  { service, eventNames }: WatchedCalls,
  anyOf: readonly Fields[],
  spared: readonly string[] = [],
): EventPatternJson {
  const [first, ...others] = anyOf;
  return {
    source: [`aws.${service}`],
    'detail-type': [CLOUDTRAIL_CALL],
    detail: {
      eventSource: [`${service}.amazonaws.com`],
      eventName: eventNames,
      // EventBridge takes no $or of one.
      ...(others.length > 0 ? { $or: anyOf } : first),
      ...(spared.length > 0 && { userIdentity: notByRoles(spared) }),
    },
  };
}

/** Whoever is no role has no session issuer; `anything-but` alone would spare users, the root user and AWS services as well. */
function notByRoles(roleArns: readonly string[]): Fields {
  return { sessionContext: { sessionIssuer: { arn: [{ exists: false }, { 'anything-but': roleArns }] } } };
}

/** UpdateObjectEncryption that changed something. S3 itself sends no event of it: https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html */
export function rekeyPattern(bucketNames: readonly string[]): EventPatternJson {
  const {
    source,
    'detail-type': detailType,
    detail,
  } = callPattern({ service: 's3', eventNames: [REKEY_EVENT] }, [{ requestParameters: { bucketName: bucketNames } }]);
  return { source, 'detail-type': detailType, detail: { ...(detail as object), errorCode: [{ exists: false }] } };
}

export const REKEY_EVENT = 'UpdateObjectEncryption';
