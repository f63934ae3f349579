const { default: Sequencer } = require('@jest/test-sequencer');

/** Jest knows how long a suite takes once it has run it, which a fresh clone has not. The rest is left to it. */
const LONG = /fault-injection/;

/** Suites that take longest come first: while the heap of their process is small, which is several times as fast, and beside all others. */
module.exports = class LongSuitesFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isLong = ({ path }) => LONG.test(path);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
};
