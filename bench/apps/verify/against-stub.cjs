// One measurement: starts the stub and a load beside it, each in a process of its own. Prints what the load measured, and what the stub was asked.
// node against-stub.cjs '{"stub": {…}, "stubFile": FILE, "node": […], "load": {…}, "env": {…}}'
const { fork, spawn } = require('node:child_process');
const { once } = require('node:events');
const { join } = require('node:path');

const { stub: stubOptions, stubFile = 's3-stub.cjs', nodeOptions = [], load: loadOptions, env } = JSON.parse(process.argv[2]);

async function main() {
  const stub = fork(join(__dirname, stubFile), [JSON.stringify(stubOptions)]);
  const [{ port }] = await once(stub, 'message');
  const endpoint = { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
  const load = spawn(process.execPath, [...nodeOptions, join(__dirname, 'load.cjs'), JSON.stringify(loadOptions)], {
    env: { PATH: process.env.PATH, ...env, ...endpoint },
    // Its log is read and dropped, as Lambda's own process reads it; what it measured comes apart.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  load.stdout.resume();
  let measured;
  load.on('message', (message) => {
    measured = message;
  });
  const [code] = await once(load, 'close');
  if (code !== 0 || measured === undefined) throw new Error(`The load ended with ${code} and ${measured ? 'a' : 'no'} result`);
  stub.send('asked');
  const [{ asked }] = await once(stub, 'message');
  stub.disconnect();
  console.log(JSON.stringify({ ...measured, asked }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
