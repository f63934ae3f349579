/** The little of Lambda's API that is asked of an engine; its client would be one more dependency. */

async function call(method: string, path: string, body: unknown = {}): Promise<unknown> {
  const answer = await fetch(`${process.env['AWS_ENDPOINT_URL']}/2015-03-31/${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: authorization() },
    ...(method !== 'GET' && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok || answer.headers.has('x-amz-function-error')) throw new Error(`Lambda answered ${answer.status} to ${path}: ${text}`);
  return JSON.parse(text);
}

/** An engine looks for the account, and for the service, and checks no signature. */
function authorization(): string {
  const { AWS_ACCESS_KEY_ID, AWS_REGION } = process.env;
  return `AWS4-HMAC-SHA256 Credential=${AWS_ACCESS_KEY_ID}/20260101/${AWS_REGION}/lambda/aws4_request, SignedHeaders=host, Signature=0`;
}

/** Invokes a function and waits for its answer. */
export async function invoke<T>(functionName: string, payload: unknown = {}): Promise<T> {
  return (await call('POST', `functions/${functionName}/invocations`, payload)) as T;
}

/** Switches the queues of a function on or off. */
export async function setEventSources(functionName: string, enabled: boolean): Promise<void> {
  const { EventSourceMappings: mappings } = (await call('GET', `event-source-mappings/?FunctionName=${functionName}`)) as {
    EventSourceMappings: { UUID: string }[];
  };
  if (mappings.length === 0) throw new Error(`The engine knows no event source of ${functionName}`);
  for (const { UUID } of mappings) await call('PUT', `event-source-mappings/${UUID}`, { Enabled: enabled });
}
