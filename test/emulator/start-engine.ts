import { startEngine } from '../../demo/engine/engine';
import { clientEnvironment, useEnvironment } from '../../demo/engine/environment';

/** One engine for all emulator tests. They find it where any AWS client looks: in the environment. */
export default async function start(): Promise<void> {
  const engine = await startEngine({ onInstall: () => console.log('\nInstalling the local AWS engine into .venv …') });
  useEnvironment(clientEnvironment(engine.endpoint));
  engine.dead.addEventListener('abort', () => console.error(engine.dead.reason.report));
  Object.assign(globalThis, { emulatorEngine: engine });
}
