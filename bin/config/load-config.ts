import { readFileSync } from 'node:fs';
import { ConfigurationFaults } from './fault';
import type { GuardConfig } from './guard-config';
import { parseConfig } from './parse-config';

/** @throws ConfigurationFaults with everything that is wrong with the file */
export function loadConfig(file: string): GuardConfig {
  const result = parseConfig(documentIn(file));
  if ('faults' in result) throw new ConfigurationFaults(file, result.faults);
  return result.config;
}

function documentIn(file: string): unknown {
  const text = attempt(file, 'cannot be read', 'Name an existing file: cdk synth -c config=<path>.', () => readFileSync(file, 'utf8'));
  return attempt(file, 'is not JSON', 'Mend it there; comments and trailing commas are not JSON.', () => parseJson(text));
}

/** Node 20 names the position only, which no editor shows. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const position = /at position (\d+)$/.exec(message)?.[1];
    if (position === undefined) throw error;
    const lines = text.slice(0, Number(position)).split('\n');
    throw new SyntaxError(`${message} (line ${lines.length} column ${(lines.at(-1)?.length ?? 0) + 1})`);
  }
}

function attempt<T>(file: string, what: string, remedy: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ConfigurationFaults(file, [{ path: '', what: `${what}: ${(error as Error).message.replace(/\s+/g, ' ')}`, remedy }]);
  }
}
