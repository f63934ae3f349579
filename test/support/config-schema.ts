import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { ROOT } from './guard-app';

const folder = join(ROOT, 'bin', 'config');
const MAIN = 's3-encryption-guard.schema.json';

/** The schemas for editors, by the names of their files, by which they refer to each other. */
// biome-ignore lint/suspicious/noExplicitAny: a schema is any JSON
export const SCHEMAS: Readonly<Record<string, any>> = Object.fromEntries(
  readdirSync(folder)
    .filter((file) => file.endsWith('.schema.json'))
    .map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8'))]),
);

const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, unicodeRegExp: true });
for (const [file, schema] of Object.entries(SCHEMAS)) if (file !== MAIN) ajv.addSchema(schema, file);

/** Whether editors would find nothing wrong. */
export const matchesSchema = ajv.compile(SCHEMAS[MAIN]);
