import type { Mutation } from './fault-handler';
import type { ReencryptionInvariant } from './reencryption-schedule';

export interface ReencryptionMutant extends Mutation {
  readonly name: string;
  /** Which of the invariants must notice; at least one of them in the first schedule that notices anything. */
  readonly noticedAs: readonly ReencryptionInvariant[];
}

const FILE = 'reencrypt.ts';
const ETAG_NOW = '(await store.head({ bucket, key }).then((now) => (now.status === "found" ? now.head.etag : "")))';

/** Re-encryption with one step broken. */
export const REENCRYPTION_MUTANTS: readonly ReencryptionMutant[] = [
  {
    name: 'a copy onto whatever is there by then',
    file: FILE,
    replace: [['place, { ifMatch: head.etag }', `place, { ifMatch: ${ETAG_NOW} }`]],
    noticedAs: ['newer hidden', 'compliant touched', 'removed unsafely', 'bytes lost'],
  },
  {
    name: 'a copy of whatever is there by then',
    file: FILE,
    replace: [
      [
        'store.copyAs(object, head.etag, place, { ifMatch: head.etag })',
        `store.copyAs(object, ${ETAG_NOW}, place, { ifMatch: ${ETAG_NOW} })`,
      ],
    ],
    noticedAs: ['compliant touched', 'removed unsafely', 'bytes lost', 'newer hidden'],
  },
  {
    name: 'the original deleted, not moved',
    file: FILE,
    replace: [
      [
        'const moved = await quarantine(object, { ...grounds, ...done }, ports);',
        "await ports.store.deleteVersion({ ...object, versionId: object.versionId ?? '' }); const moved = { status: 'moved', location: 'nowhere' };",
      ],
    ],
    noticedAs: ['removed unsafely', 'bytes lost'],
  },
  {
    name: 'a null version replaced before it is safe',
    file: FILE,
    replace: [
      [
        'const secured = await secure(object, { ...grounds, reducedBecause: UNTOLD }, ports);',
        "const secured = { status: 'secured', receipt: { copy: { bucket: 'nowhere', key: 'nowhere' } } };",
      ],
    ],
    noticedAs: ['removed unsafely', 'bytes lost'],
  },
  {
    name: 'in place, and not looked at again',
    file: FILE,
    replace: [['  await confirm(object, object, target, store);\n', '']],
    noticedAs: ['false verdict', 'left wrong'],
  },
  {
    name: 'in place also where there is no version to be meant',
    file: FILE,
    replace: [['hasOwnVersion: !isNullVersion(object)', 'hasOwnVersion: true']],
    noticedAs: ['compliant touched', 'left wrong', 'untold', 'false verdict', 'closed though right', 'never ends'],
  },
  {
    name: 'in place without a note',
    file: FILE,
    replace: [
      [
        '  await noteReencryption({ object, violation, target, at: now() }, config.quarantine, store);\n',
        '  void [noteReencryption, violation, now, config];\n',
      ],
    ],
    noticedAs: ['untold'],
  },
  {
    name: 'a note that nobody reads',
    file: 'enforce-object.ts',
    replace: [["action === 'reencrypt' ? await earlierReencryption(", 'false ? await earlierReencryption(']],
    noticedAs: ['untold'],
  },
  {
    name: 'the violation tag goes along',
    file: FILE,
    replace: [['  await free(object, ports.store);\n', '']],
    noticedAs: ['closed though right'],
  },
  {
    name: 'an original that stays is left open',
    file: 'act.ts',
    replace: [
      ['const tagged = await tag(object, deed.violation.reason, ports.store);', "const tagged = { status: 'tagged', why: '' } as const;"],
    ],
    noticedAs: ['left wrong'],
  },
];
