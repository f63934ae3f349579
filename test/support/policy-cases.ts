import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALIAS_NAME, BARE_RIGHT_ID, FOREIGN_ACCOUNT, OWNER_ACCOUNT, RIGHT_KEY } from '../domain/sample-keys';
import { type CaseBucket, type CaseEncryption, type RenderedStatement, renderedStatements } from './policy-case-bucket';
import { REQUESTERS } from './policy-principals';
import { HEADERS, STORING, TAGGING, TRANSPORTS } from './policy-requests';
import { conditionKeysOf, type KeyCondition, type ModelBucket, type ModelWrite } from './policy-s3-model';
import { BUCKET_ARN, type SimulatedRequest } from './policy-simulator';

/** `Allowed`, or the statements that must deny, each of which decides: all of them, and no others. */
type Answer = 'Allowed' | readonly string[];

interface CaseTable {
  readonly operations: readonly string[];
  readonly by?: readonly string[];
  readonly over?: readonly string[];
  /** Keys of objects; empty for the bucket itself. */
  readonly at?: readonly string[];
  readonly on?: readonly string[];
  /** By what the request says. Where the answer depends on what S3 compares with the key of a policy, by that. */
  readonly answers: Readonly<Record<string, Answer | Readonly<Record<KeyCondition, Answer>>>>;
}

interface CaseFile {
  readonly about: string;
  readonly bucket: CaseBucket;
  readonly tables: readonly CaseTable[];
}

export interface Cell {
  /** Operation, requester, time, transport, key of the object and what the request says. */
  readonly title: string;
  readonly operation: string;
  readonly words: string;
  readonly request: SimulatedRequest;
  readonly answer: Answer;
}

export interface Case {
  readonly name: string;
  readonly bucket: CaseBucket;
  readonly statements: readonly RenderedStatement[];
  readonly cells: readonly Cell[];
}

const CASES = join(__dirname, '..', 'policy', 'cases');
const WRITES: readonly string[] = ['s3:PutObject', 's3:ReplicateObject'];
const KEY_CONDITIONS: readonly KeyCondition[] = ['the header', 'the key in use'];
/** Unless a table says otherwise. */
const USUAL = { by: ['writer'], over: ['TLS 1.3'], at: ['some/object'], on: ['2027-01-15T12:00:00Z'] };

export function readCases(): Case[] {
  return readdirSync(CASES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const { bucket, tables } = JSON.parse(readFileSync(join(CASES, name), 'utf8')) as CaseFile;
      return { name, bucket, statements: renderedStatements(bucket), cells: tables.flatMap((table) => cellsOf(table, bucket)) };
    });
}

/**
 * What a statement is for, as case files name it. Behind that, the Sid tells the part of the bucket, with a hash; but of the parts, which
 * are disjoint, only the one where the object lies can answer.
 */
export function meaningOf(sid: string): string {
  return sid.replace(/On(?!ceExemption)[A-Za-z0-9]*[0-9a-f]{8}$/, '');
}

function cellsOf(table: CaseTable, bucket: CaseBucket): Cell[] {
  const { operations, answers, ...axes } = table;
  const { by, over, at, on } = { ...USUAL, ...axes };
  const situations = operations.flatMap((operation) =>
    by.flatMap((requester) =>
      on.flatMap((time) => over.flatMap((transport) => at.map((key) => ({ operation, requester, time, transport, key })))),
    ),
  );
  return situations.flatMap((situation) =>
    Object.entries(answers).flatMap(([words, answer]) => cellsFor(situation, { words, answer, bucket })),
  );
}

interface Situation {
  readonly operation: string;
  readonly requester: string;
  readonly time: string;
  readonly transport: string;
  readonly key: string;
}

/** One cell; two where S3 may compare one of two keys, and these differ. */
function cellsFor(situation: Situation, said: { words: string; answer: CaseTable['answers'][string]; bucket: CaseBucket }): Cell[] {
  const { operation, requester: name, time, transport, key } = situation;
  const { words, answer, bucket } = said;
  const requester = known(REQUESTERS, name);
  const surroundings = { ...known(TRANSPORTS, transport), 'aws:CurrentTime': time };
  const contexts = contextsOf(operation, words, { bucket, account: requester.account });
  return contexts.map(({ keyCondition, context }, _, { length }) => ({
    title: [operation, name, time, transport, key, words, ...(length > 1 ? [`compared with ${keyCondition}`] : [])].join(', '),
    operation,
    words,
    request: {
      action: operation,
      requester,
      resource: key === '' ? BUCKET_ARN : `${BUCKET_ARN}/${key}`,
      context: { ...context, ...surroundings },
    },
    answer: answer === 'Allowed' || Array.isArray(answer) ? (answer as Answer) : known(answer as Record<string, Answer>, keyCondition),
  }));
}

function contextsOf(operation: string, words: string, asked: { bucket: CaseBucket; account: string }) {
  const headers = HEADERS[words];
  if (headers === undefined) return [{ keyCondition: 'the header', context: known({ ...TAGGING, ...STORING }, words) } as const];
  const write = { action: operation as ModelWrite['action'], headers, account: asked.account };
  const model = modelOf(asked.bucket);
  const [sent, used] = KEY_CONDITIONS.map((keyCondition) => ({ keyCondition, context: conditionKeysOf(model, write, keyCondition) }));
  if (sent === undefined || used === undefined) throw new Error('two models');
  const differ = WRITES.includes(operation) && JSON.stringify(sent.context) !== JSON.stringify(used.context);
  return differ ? [sent, used] : [sent];
}

/** The alias exists in both accounts, and points in each to a key of its own. The default is always the right key, or none. */
function modelOf({ encryption }: CaseBucket): ModelBucket {
  const { scheme, keys }: CaseEncryption = encryption.serverSide ?? encryption;
  const algorithm = scheme === 'DSSE-KMS' ? 'aws:kms:dsse' : 'aws:kms';
  if (keys !== undefined && keys[0] !== 'right') throw new Error('the first key of a bucket is the right one');
  return {
    partition: 'aws',
    region: 'eu-west-1',
    defaultEncryption: keys ? { ServerSideEncryption: algorithm, SSEKMSKeyId: RIGHT_KEY } : { ServerSideEncryption: 'AES256' },
    aliases: { [OWNER_ACCOUNT]: { [ALIAS_NAME]: BARE_RIGHT_ID }, [FOREIGN_ACCOUNT]: { [ALIAS_NAME]: BARE_RIGHT_ID } },
  };
}

/** @throws Error for a word that case files have not */
function known<Value>(vocabulary: Readonly<Record<string, Value>>, word: string): Value {
  const value = vocabulary[word];
  if (value === undefined) throw new Error(`no such word: ${word}`);
  return value;
}
