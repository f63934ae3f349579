/**
 * Of every client of the SDK here: calls are short, and the SDK waits for ever unless told otherwise. Without `throwOnRequestTimeout` a
 * `requestTimeout` is a warning in the log, and the call goes on waiting.
 */
export const CONNECTION = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/** Whether S3 is an engine of one's own, which serves buckets as paths, not as host names. */
export function hasOwnEndpoint(env: Readonly<Record<string, string | undefined>>): boolean {
  return Boolean(env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']);
}
