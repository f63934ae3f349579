import type { Mutation } from './fault-handler';
import type { Invariant } from './fault-invariants';
import { REENCRYPTION_MUTANTS } from './fault-mutants-reencryption';
import { SIDECAR_MUTANTS } from './fault-mutants-sidecars';

export interface Mutant extends Mutation {
  readonly name: string;
  /** Which of the invariants must notice; at least one of them in the first schedule that notices anything. */
  readonly noticedAs: readonly Invariant[];
}

const ETAG_NOW = (of: string) => `await store.head(${of}).then((now) => (now.status === 'found' ? now.head.etag : '""'))`;

/** Quarantine, the queue and the rule with one step broken. */
const QUARANTINE_MUTANTS: readonly Mutant[] = [
  {
    name: 'delete before the copy is confirmed',
    file: 'quarantine.ts',
    replace: [['  const copyVersion = {', '  await remove(object, store);\n  const copyVersion = {']],
    noticedAs: ['deleted unconfirmed'],
  },
  {
    name: 'delete without looking at the copy at all',
    file: 'quarantine.ts',
    replace: [['versionId: await confirmedVersion(copied.versionId, object, target, store),', "versionId: copied.versionId ?? '',"]],
    noticedAs: ['deleted unconfirmed'],
  },
  {
    name: 'delete before the copy is made',
    file: 'quarantine.ts',
    replace: [['  const copied = await copy(', '  await remove(object, store);\n  const copied = await copy(']],
    noticedAs: ['bytes lost'],
  },
  {
    name: 'receipt after delete',
    file: 'quarantine.ts',
    replace: [
      [
        '  await store.putDocument({ ...target, key: receiptKey }',
        '  await remove(object, store);\n  await store.putDocument({ ...target, key: receiptKey }',
      ],
    ],
    noticedAs: ['deleted without receipt'],
  },
  {
    name: 'no receipt',
    file: 'quarantine.ts',
    replace: [['  await store.putDocument({ ...target, key: receiptKey }, JSON.stringify(receipt, undefined, 2));', '  void receipt;']],
    noticedAs: ['deleted without receipt'],
  },
  {
    name: 'unpinned copy',
    file: 'quarantine.ts',
    replace: [['store.copy(object, object.head.etag, target)', `store.copy(object, ${ETAG_NOW('object')}, target)`]],
    noticedAs: ['compliant touched', 'receipt lies'],
  },
  {
    name: 'unpinned copy of parts',
    file: 'copy-in-parts.ts',
    replace: [['(range) => store.copyPart(source, etag, ', `async (range) => store.copyPart(source, ${ETAG_NOW('source')}, `]],
    noticedAs: ['compliant touched', 'receipt lies', 'not in one place', 'dead for no reason'],
  },
  {
    name: 'unconditional delete',
    file: 'quarantine.ts',
    replace: [
      ['store.deleteCurrent(object, head.etag)', `store.head(object).then(() => store.deleteVersion({ ...object, versionId: 'null' }))`],
    ],
    noticedAs: ['bytes lost', 'deleted unjudged', 'deleted unconfirmed'],
  },
  {
    name: 'delete of whatever is current now',
    file: 'quarantine.ts',
    replace: [
      ['function remove(', 'async function remove('],
      ['store.deleteCurrent(object, head.etag)', `store.deleteCurrent(object, ${ETAG_NOW('object')})`],
    ],
    noticedAs: ['bytes lost', 'deleted unjudged', 'deleted unconfirmed'],
  },
  {
    name: 'work that goes on after its invocation',
    file: 'process-batch.ts',
    replace: [['    over.abort();\n', '']],
    noticedAs: ['worked on after its end'],
  },
  {
    name: 'a swallowed error',
    file: 'process-batch.ts',
    replace: [['return { itemIdentifier: record.messageId };', 'return undefined;']],
    noticedAs: ['message without verdict'],
  },
  {
    name: 'a swallowed error of one object',
    file: 'process-batch.ts',
    replace: [
      [
        'await processObject(revived(object, sentAt), queue, { ...ports, timeForLargeObjects });',
        'await processObject(revived(object, sentAt), queue, { ...ports, timeForLargeObjects }).catch(() => undefined);',
      ],
    ],
    noticedAs: ['message without verdict'],
  },
  {
    name: 'a swallowed error of the announcement',
    file: 'report.ts',
    replace: [['await ports.announce(detail);', 'await ports.announce(detail).catch(() => undefined);']],
    noticedAs: ['message without verdict', 'untold'],
  },
  {
    name: 'stale requirement',
    file: 'enforce-object.ts',
    replace: [['await ports.rules.fresh(written.bucket)', 'await ports.rules.cached(written.bucket)']],
    noticedAs: ['deleted unjudged', 'compliant touched'],
  },
  {
    name: 'throttled, and not sent anew',
    file: 'process-batch.ts',
    replace: [
      ['return resend({ ...object, throttles: throttles + 1 }, queue, delaySeconds, ports.send, ports.now());', 'return undefined;'],
    ],
    noticedAs: ['message without verdict'],
  },
  {
    name: 'unfinished, and not continued',
    file: 'process-batch.ts',
    replace: [
      [
        "return resend({ ...object, throttles: 0 }, 'large-objects', step.progress ? 0 : IDLE_SECONDS, ports.send, ports.now());",
        'return undefined;',
      ],
    ],
    noticedAs: ['message without verdict'],
  },
  {
    name: 'sent anew without its version',
    file: 'resend.ts',
    replace: [['const detail = { bucket, key, versionId, ', 'const detail = { bucket, key, ']],
    noticedAs: ['message without verdict', 'not in one place'],
  },
  {
    name: 'a receipt that nobody reads',
    file: 'enforce-object.ts',
    replace: [['if (earlier !== undefined) return earlier;', '']],
    noticedAs: ['false verdict', 'untold'],
  },
  {
    name: 'judges what is current, not what the event names',
    file: 'observe.ts',
    replace: [['return look({ bucket, key, versionId }, false, store);', 'return look({ bucket, key }, false, store);']],
    noticedAs: ['false verdict', 'not in one place', 'deleted unjudged', 'compliant touched'],
  },
  {
    name: 'a HEAD answered 404 is compliant',
    file: 'enforce-object.ts',
    replace: [
      ["if (object === undefined) return { kind: 'gone' }", "if (object === undefined) return { kind: 'compliant', scheme: 'SSE-KMS' }"],
    ],
    noticedAs: ['false verdict'],
  },
  {
    name: 'a copy in parts begins anew each time',
    file: 'copy-in-parts.ts',
    replace: [['if (earlier !== undefined) return earlier;', '']],
    noticedAs: ['left open', 'never quiet'],
  },
  {
    name: 'a copy in parts of an earlier write is continued for a later one with the same bytes',
    file: 'quarantine-address.ts',
    replace: [
      ['isNull && lastModified !== undefined ?', 'false ?'],
      ['-${lastModified.toISOString()', '-${lastModified?.toISOString()'],
    ],
    noticedAs: ['left behind'],
  },
  {
    name: 'tags that came while parts were copied are ignored',
    file: 'catch-up.ts',
    replace: [["if (then.status === 'found' && isDeepStrictEqual(then.tags, now.tags)) return undefined;", 'if (then) return undefined;']],
    noticedAs: ['left behind'],
  },
  {
    name: 'annotations are ignored',
    file: 'copy-in-parts.ts',
    replace: [['const annotations = await store.annotations(source);', "const annotations = { status: 'none' };"]],
    noticedAs: ['left behind', 'not in one place'],
  },
  {
    name: 'annotations that came while parts were copied are ignored',
    file: 'catch-up.ts',
    replace: [["if (left !== undefined) return left.status === 'refused' ? left : undefined;", 'void left;']],
    noticedAs: ['left behind'],
  },
];

/** The suite is worth something only if it notices each of them. */
export const MUTANTS: readonly Mutant[] = [...QUARANTINE_MUTANTS, ...REENCRYPTION_MUTANTS, ...SIDECAR_MUTANTS];
