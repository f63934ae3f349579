import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';

export interface StubRequest {
  readonly method: string;
  /** As it stood in the request line: undecoded, with the query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface StubAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Breaks the connection: at once, or in the midst of the body. */
  readonly breaks?: 'at-once' | 'in-body';
}

export interface S3Stub {
  readonly client: S3Client;
  readonly requests: StubRequest[];
  /** Answers the next request so; each further answer the one after it. */
  answer(...answers: readonly StubAnswer[]): void;
  close(): Promise<void>;
}

/** An HTTP server that gives prepared answers, and a real client that talks to it and does not try again. */
export async function startS3Stub(): Promise<S3Stub> {
  const requests: StubRequest[] = [];
  const prepared: StubAnswer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url: target = '', headers } = request;
    requests.push({ method, target, headers, body: Buffer.concat(chunks).toString() });
    const answer = prepared.shift() ?? errorAnswer(500, 'NothingPrepared');
    if (answer.breaks === 'at-once') return void request.socket.destroy();
    const body = Buffer.from(method === 'HEAD' ? '' : (answer.body ?? ''));
    response.writeHead(answer.status, answer.headers);
    if (answer.breaks === 'in-body') return void response.write(body, () => request.socket.destroy());
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Node 20 is supported for as long as the SDK runs on it; its warning says nothing about this test.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forcePathStyle: true,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMIEXAMPLEKEY' },
    maxAttempts: 1,
  });
  return {
    client,
    requests,
    answer: (...answers) => void prepared.push(...answers),
    close: () => {
      client.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** An error as S3 prints it: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function errorAnswer(status: number, code: string, message = `${code} happened`): StubAnswer {
  return {
    status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': '4442587FB7D0A2F9' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>`,
  };
}
