import type { Mutant } from './fault-mutants';

const FILE = 'reencrypt.ts';
const ETAG_NOW = '(await store.head({ bucket, key }).then((now) => (now.status === "found" ? now.head.etag : "")))';

/** Re-encryption with one step broken. */
export const REENCRYPTION_MUTANTS: readonly Mutant[] = [
  {
    name: 'a copy onto whatever is there by then',
    file: FILE,
    replace: [['place, { ifMatch: head.etag }', `place, { ifMatch: ${ETAG_NOW} }`]],
    noticedAs: ['newer overwritten', 'not as original'],
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
    noticedAs: ['compliant touched', 'deleted unjudged', 'deleted unconfirmed', 'bytes lost', 'newer overwritten'],
  },
  {
    name: 'a copy that takes the place of a version that nobody has judged',
    file: FILE,
    replace: [["return below.status !== 'gone';", 'return below === undefined;']],
    noticedAs: ['bytes lost', 'deleted unjudged', 'deleted unconfirmed'],
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
    noticedAs: ['bytes lost'],
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
    noticedAs: ['bytes lost'],
  },
  {
    name: 'in place, and not looked at again',
    file: FILE,
    replace: [['  await confirm(object, object, target, store);\n', '']],
    noticedAs: ['false verdict', 'not mended'],
  },
  {
    name: 'in place also where there is no version to be meant',
    file: FILE,
    replace: [['hasOwnVersion: !isNullVersion(object)', 'hasOwnVersion: true']],
    noticedAs: ['compliant touched', 'not in one place', 'not mended'],
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
    name: 'a note that says nothing to whoever comes soon',
    file: 'reencryption-note.ts',
    replace: [['const EARLIEST_RETRY_MILLIS = 20_000;', 'const EARLIEST_RETRY_MILLIS = 720_000;']],
    noticedAs: ['untold'],
  },
  {
    name: 'a copy of an earlier try that is not known again',
    file: FILE,
    replace: [
      [
        '  const cover = await coverOf(object, target, ports.store);\n',
        '  const cover = (await Promise.resolve(undefined)) as Cover | undefined;\n',
      ],
    ],
    noticedAs: ['untold'],
  },
  {
    name: 'the violation tag goes along',
    file: FILE,
    replace: [['  await free(object, ports.store);\n', '']],
    noticedAs: ['not as original', 'tagged though right'],
  },
  {
    name: 'an original that stays is left open',
    file: 'act.ts',
    replace: [
      ['const tagged = await tag(object, deed.violation.reason, ports.store);', "const tagged = { status: 'tagged', why: '' } as const;"],
    ],
    noticedAs: ['not in one place'],
  },
  {
    name: 'a copy without the storage class of its original',
    file: FILE,
    replace: [['encryption: target, notCopied: head.notCopied }', 'encryption: target }']],
    noticedAs: ['not as original'],
  },
  {
    name: 'a copy with no tags',
    file: FILE,
    replace: [['notCopied: head.notCopied };', 'notCopied: head.notCopied, tags: {} };']],
    noticedAs: ['not as original'],
  },
  {
    name: 'an original that is left below its copy',
    file: FILE,
    replace: [
      [
        'const moved = await quarantine(object, { ...grounds, ...done }, ports);',
        "const moved = { status: 'superseded', location: undefined };",
      ],
    ],
    noticedAs: ['not in one place', 'false verdict'],
  },
  {
    name: 'a receipt that names the version before as what took its place',
    file: FILE,
    replace: [
      [
        'const done = { encryptedAs: describeTarget(target), replacedBy: cover.versionId };',
        'const done = { encryptedAs: describeTarget(target), replacedBy: object.versionId };',
      ],
    ],
    noticedAs: ['receipt lies'],
  },
  {
    name: 'its own copies are not known again',
    file: 'observe.ts',
    replace: [
      [
        '      return { ...object, encryption: observedEncryption(answer.head.encryption), head: answer.head, nonCurrentNullVersion };',
        '      for (let again = 0; again < 2; again += 1) await store.head(object);\n      return { ...object, encryption: observedEncryption(answer.head.encryption), head: answer.head, nonCurrentNullVersion };',
      ],
    ],
    noticedAs: ['own write not known'],
  },
];
