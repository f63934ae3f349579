import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LogWrites } from '../../lambda/encryption-enforcer/log-writes';

/** What reached the other side, write by write. */
function recorded() {
  const writes: string[][] = [];
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk, _, done) => {
      writes.push([chunk]);
      done();
    },
    writev: (chunks, done) => {
      writes.push(chunks.map(({ chunk }) => chunk));
      done();
    },
  });
  const logWrites = new LogWrites(stream);
  const log = (line: string) => {
    logWrites.gather();
    stream.write(line);
  };
  return { writes, log, logWrites };
}

test('lines of one turn of the event loop leave in one write, at its end and in order', async () => {
  const { writes, log } = recorded();
  log('a');
  await Promise.resolve();
  log('b');
  expect(writes).toEqual([]);
  await nextTurn();
  expect(writes).toEqual([['a', 'b']]);
  log('c');
  await nextTurn();
  expect(writes).toEqual([['a', 'b'], ['c']]);
});

test('nothing is held back when an invocation is answered', async () => {
  const { writes, log, logWrites } = recorded();
  log('a');
  logWrites.flush();
  expect(writes).toEqual([['a']]);
  log('b');
  await nextTurn();
  expect(writes).toEqual([['a'], ['b']]);
});
