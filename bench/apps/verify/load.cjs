// Verifies objects in batches, one batch after another, as one execution environment of Lambda does. Tells its parent what that took.
// node load.cjs '{"module": FILE, "atOnce": N, "warmUp": OBJECTS, "objects": OBJECTS}'
const { module: file, atOnce, warmUp, objects } = JSON.parse(process.argv[2]);
/** `(keys) => Promise`: all of them at once. */
const { verify } = require(file);

let next = 0;
async function batches(count) {
  for (let done = 0; done < count; done += atOnce) {
    await verify(Array.from({ length: atOnce }, () => `team-07/2026/11/12/object-${next++}.bin`));
  }
}

async function main() {
  // Until then V8 compiles, and connections are made.
  await batches(warmUp);
  const cpu = process.cpuUsage();
  const started = process.hrtime.bigint();
  await batches(objects);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  const measuredObjects = Math.ceil(objects / atOnce) * atOnce;
  process.send({
    objectsPerSecond: measuredObjects / seconds,
    cpuMillisPerObject: (user + system) / 1000 / measuredObjects,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    objects: next,
  });
  process.disconnect();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
