// Stands for Lambda, as a process of its own: loads the bundle that it is told, hands it one event, and tells the answer.
import { createRequire } from 'node:module';

process.once('message', async ({ bundle, event, timeoutMillis }) => {
  const ends = Date.now() + timeoutMillis;
  const { handler } = createRequire(import.meta.url)(bundle);
  const answer = await handler(event, { getRemainingTimeInMillis: () => ends - Date.now() });
  process.send(answer, () => process.disconnect());
});
