import { secondsToWait } from '../../../lib/domain/client-side/look';

const NOW = new Date('2026-11-12T10:00:00Z');
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);

/** Where the pieces of one object have not all arrived: seconds since it was written, and until somebody should look again. */
test.each([
  [0, 10],
  [9, 10],
  [30, 30],
  [299, 299],
  [301, 299],
  [595, 5],
  [599.5, 1],
  [600, 0],
  [86_400, 0],
])('after %d s: wait for %d s', (waited, seconds) => {
  expect(secondsToWait(ago(waited), NOW)).toBe(seconds);
});

test('what S3 gives a date in the future waits as if it had just come', () => {
  expect(secondsToWait(ago(-60), NOW)).toBe(10);
});

test('without a date nobody waits', () => {
  expect(secondsToWait(undefined, NOW)).toBe(0);
});
