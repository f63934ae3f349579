import { loadConfig } from '../../lambda/encryption-enforcer/config';

const COMPLETE = {
  ENFORCER_NAME: 'Stack-Enforcer-AB12CD34',
  RULE_PARAMETER_PREFIX: '/s3-encryption-guard/Stack-Enforcer-AB12CD34',
  QUARANTINE_BUCKET: 'quarantine-bucket',
  QUARANTINE_KEY_ARN: 'arn:aws:kms:eu-west-1:111122223333:key/99999999-8888-4777-a666-555555555555',
  EVENT_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/events',
  LARGE_OBJECT_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/large-objects',
  LARGE_OBJECT_QUEUE_ARN: 'arn:aws:sqs:eu-west-1:111122223333:large-objects',
};
const NAMES = Object.keys(COMPLETE);

test('the environment is the configuration', () => {
  expect(loadConfig({ ...COMPLETE, OTHER: 'x' })).toEqual({
    enforcerName: COMPLETE.ENFORCER_NAME,
    rulePrefix: COMPLETE.RULE_PARAMETER_PREFIX,
    quarantine: { bucket: COMPLETE.QUARANTINE_BUCKET, keyArn: COMPLETE.QUARANTINE_KEY_ARN },
    queues: {
      urls: { events: COMPLETE.EVENT_QUEUE_URL, 'large-objects': COMPLETE.LARGE_OBJECT_QUEUE_URL },
      largeObjectsArn: COMPLETE.LARGE_OBJECT_QUEUE_ARN,
    },
  });
});

describe('variables that are missing, or empty, are all named, and no other:', () => {
  /** Every subset but the empty one. */
  const subsets = Array.from({ length: 2 ** NAMES.length - 1 }, (_, at) => NAMES.filter((__, bit) => ((at + 1) >> bit) & 1));

  test.each(subsets.map((missing) => [missing.join(', '), missing]))('%s', (_, missing) => {
    for (const value of [undefined, '']) {
      const env = { ...COMPLETE, ...Object.fromEntries([...missing].map((name) => [name, value])) };
      const named = (name: string) => expect.stringContaining(name);
      expect(() => loadConfig(env)).toThrow(expect.objectContaining({ message: named([...missing].join(', ')) }));
      for (const present of NAMES.filter((name) => !missing.includes(name))) {
        expect(() => loadConfig(env)).toThrow(expect.objectContaining({ message: expect.not.stringContaining(present) }));
      }
    }
  });
});
