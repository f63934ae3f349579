// Prints how many milliseconds it takes to load a bundle, as a cold start does: node import.cjs FILE
const started = process.hrtime.bigint();
const { handler } = require(process.argv[2]);
const millis = Number(process.hrtime.bigint() - started) / 1e6;
if (typeof handler !== 'function') throw new Error(`${process.argv[2]} exports no handler`);
console.log(millis);
