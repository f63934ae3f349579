import type { Engine } from '../../demo/engine/engine';

/** Jest runs this in the process, and with the globals, of `start-engine.ts`. */
export default async function stop(): Promise<void> {
  const { emulatorEngine } = globalThis as { emulatorEngine?: Engine };
  await emulatorEngine?.stop();
}
