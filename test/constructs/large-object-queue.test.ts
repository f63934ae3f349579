import type { App, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptionEnforcer, type EncryptionEnforcerProps, EnforcementAction, ObjectEncryption } from '../../lib';
import { newStack, onlyResourceOf, type Resource, resourcesOf, type Statement } from '../support/stacks';

const QUARANTINE_SSE_S3 = { encryption: ObjectEncryption.sseS3(), action: EnforcementAction.QUARANTINE };

/** An enforcer, and the resources of its queue for large objects. */
function enforcerOf(stack: Stack, props?: EncryptionEnforcerProps) {
  const enforcer = new EncryptionEnforcer(stack, 'Enforcer', props);
  enforcer.enforce(new s3.Bucket(stack, 'Records'), QUARANTINE_SSE_S3);
  const { Properties: handler } = onlyResourceOf(stack, 'AWS::Lambda::Function');
  const { LARGE_OBJECT_QUEUE_ARN: arn, LARGE_OBJECT_QUEUE_URL: url } = handler.Environment.Variables;
  return { enforcer, handler, arn, url, queue: resourceNamed(stack, url.Ref) };
}

function resourceNamed(stack: Stack, logicalId: string): Resource {
  return (stack.node.root as App).synth().getStackByName(stack.stackName).template.Resources[logicalId];
}

const mappingsOf = (stack: Stack) => resourcesOf(stack, 'AWS::Lambda::EventSourceMapping').map(({ Properties }) => Properties);

describe('the queue for large objects', () => {
  test('is another than that of the events, and the function knows it by ARN and by URL', () => {
    const stack = newStack();
    const { enforcer, arn, url, queue } = enforcerOf(stack);
    expect(queue?.Type).toBe('AWS::SQS::Queue');
    expect(arn).toEqual({ 'Fn::GetAtt': [url.Ref, 'Arn'] });
    expect(arn).not.toEqual(stack.resolve(enforcer.queue.queueArn));
  });

  test('gives each message an invocation of its own, a few at a time, whose answer says whether it failed', () => {
    const stack = newStack();
    const { arn } = enforcerOf(stack);
    const [mapping, ...others] = mappingsOf(stack).filter(({ EventSourceArn }) => JSON.stringify(EventSourceArn) === JSON.stringify(arn));
    expect(others).toEqual([]);
    expect(mapping).toMatchObject({ BatchSize: 1, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(mapping.MaximumBatchingWindowInSeconds ?? 0).toBe(0);
    expect(mapping.ScalingConfig.MaximumConcurrency).toBeGreaterThanOrEqual(2);
  });

  test('does not take its concurrency from that of the events, which stays as it was asked for', () => {
    const stack = newStack();
    const { enforcer } = enforcerOf(stack, { maxConcurrency: 50 });
    const byQueue = new Map(mappingsOf(stack).map(({ EventSourceArn, ScalingConfig }) => [JSON.stringify(EventSourceArn), ScalingConfig]));
    expect(byQueue.get(JSON.stringify(stack.resolve(enforcer.queue.queueArn)))).toEqual({ MaximumConcurrency: 50 });
    expect([...byQueue.values()].map(({ MaximumConcurrency }) => MaximumConcurrency).sort()).toEqual([5, 50].sort());
  });

  test.each([
    ['five', undefined],
    ['as many as asked for', 8],
  ])('gives a message up after %s tries, to the same dead-letter queue, whose alarm watches both', (_, maxReceiveCount) => {
    const stack = newStack();
    const { enforcer, queue } = enforcerOf(stack, { maxReceiveCount });
    expect(queue.Properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: stack.resolve(enforcer.deadLetterQueue.queueArn),
      maxReceiveCount: maxReceiveCount ?? 5,
    });
  });

  test('hides a message for six times as long as the function may run', () => {
    const { queue, handler } = enforcerOf(newStack());
    expect(queue.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * handler.Timeout);
  });

  test('keeps messages for longer than they are sent anew', () => {
    expect(enforcerOf(newStack()).queue.Properties.MessageRetentionPeriod).toBeGreaterThan(3 * 24 * 3600);
  });

  test('takes messages from the function only: its policy allows nobody else', () => {
    const stack = newStack();
    const { url } = enforcerOf(stack);
    const statements = resourcesOf(stack, 'AWS::SQS::QueuePolicy')
      .filter(({ Properties }) => JSON.stringify(Properties.Queues) === JSON.stringify([url]))
      .flatMap(({ Properties }): Statement[] => Properties.PolicyDocument.Statement);
    expect(statements.map(({ Effect }) => Effect)).toEqual(['Deny']);
  });
});

test('a function that sends messages to its own queues is not stopped as a loop', () => {
  expect(enforcerOf(newStack()).handler).toMatchObject({ RecursiveLoop: 'Allow' });
});
