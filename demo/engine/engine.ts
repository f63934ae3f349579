import { join } from 'node:path';
import { engineProcessEnvironment } from './environment';
import { installEngine } from './install';
import { type Server, type ServerOptions, startServer } from './server';

export interface Engine extends Server {
  /** What had to be changed about the engine to make it answer as AWS does: lines to show. Grows as it is found out. */
  readonly workarounds: readonly string[];
}

export interface EngineOptions extends ServerOptions {
  readonly onInstall?: () => void;
}

/** A local AWS engine (MiniStack) on a free loopback port, empty at the start and forgotten at the end. */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  const python = await installEngine(options);
  const workarounds: string[] = [];
  const onLine = (line: string) => {
    if (line.startsWith('worked around: ')) workarounds.push(line);
    options.onLine?.(line);
  };
  const program = {
    title: 'the local AWS engine',
    command: () => [python, join(__dirname, 'start_ministack.py')],
    environment: engineProcessEnvironment,
    readyPath: '/_ministack/ready',
  };
  return { ...(await startServer(program, { ...options, onLine })), workarounds };
}
