import type { Mutation } from './fault-handler';
import type { RELEASE_INVARIANTS } from './release-ledger';

export interface ReleaseMutant extends Mutation {
  readonly name: string;
  /** At least one of them in the first schedule that notices anything. */
  readonly noticedAs: readonly (keyof typeof RELEASE_INVARIANTS)[];
}

/** The function that releases with one step broken. */
export const RELEASE_MUTANTS: readonly ReleaseMutant[] = [
  {
    name: 'copies on top of whatever lies there',
    file: 'release-object.ts',
    replace: [['ports.store.copyAs(copy, copy.head.etag, target, condition)', 'ports.store.copyAs(copy, copy.head.etag, target)']],
    noticedAs: ['newer overwritten', 'put back twice'],
  },
  {
    name: 'completes parts on top of whatever lies there',
    file: 'copy-in-parts.ts',
    replace: [['time.isUp, condition), time.isUp);', 'time.isUp), time.isUp);']],
    noticedAs: ['newer overwritten', 'put back twice'],
  },
  {
    name: 'takes what is of the same second, or newer, for older',
    file: 'release-condition.ts',
    replace: [['if (lastModified >= quarantinedDate)', 'if (false)']],
    noticedAs: ['newer overwritten', 'put back twice'],
  },
  {
    name: 'looks for no delete marker',
    file: 'plan-release.ts',
    replace: [
      [
        'const marker = await records.deleteMarkerOn({ bucket, key });',
        'const marker = ((await records.deleteMarkerOn({ bucket, key })), undefined);',
      ],
    ],
    noticedAs: ['deletion undone'],
  },
  {
    name: 'takes every delete marker for its own',
    file: 'release-condition.ts',
    replace: [['if (!hasOwnVersion && ', 'if ((true as boolean) || ']],
    noticedAs: ['deletion undone'],
  },
  {
    name: 'does not look below what lies there',
    file: 'plan-release.ts',
    replace: [['if (isNullVersion(top)) return false;', 'if ((true as boolean) || isNullVersion(top)) return false;']],
    noticedAs: ['newer overwritten'],
  },
  {
    name: 'covers what has no version id',
    file: 'release-condition.ts',
    replace: [["if (versionId === undefined || versionId === 'null')", 'if (false)']],
    noticedAs: ['newer overwritten'],
  },
  {
    name: 'always overwrites',
    file: 'plan-release.ts',
    replace: [
      [
        'releaseCondition(there, quarantinedObject(receipt, begun), overwrite)',
        'releaseCondition(there, quarantinedObject(receipt, begun), true)',
      ],
    ],
    noticedAs: ['newer overwritten', 'put back twice'],
  },
  {
    name: 'does not claim',
    file: 'claim.ts',
    replace: [
      [
        'on === undefined ? { ifNoneMatch: true } : { ifMatch: on }',
        '(await records.read(key).then((there) => there === undefined ? { ifNoneMatch: true } as const : { ifMatch: there.etag }))',
      ],
    ],
    noticedAs: ['put back twice', 'newer overwritten', 'own work not known'],
  },
  {
    name: 'does not wait for whoever is at it',
    file: 'claim.ts',
    replace: [["existing?.record.state === 'begun' && Date.parse(existing.record.heldUntil) > now.getTime()", 'false']],
    noticedAs: ['put back twice', 'false answer', 'newer overwritten', 'parts left'],
  },
  {
    name: 'forgets what an earlier try put back',
    file: 'plan-release.ts',
    replace: [['return sameContent(whole.head, copy) === true ? whole.head : undefined;', 'return undefined;']],
    noticedAs: ['own work not known', 'put back twice'],
  },
  {
    name: 'takes any object for its own',
    file: 'plan-release.ts',
    replace: [
      ['answer.head.size !== copy.size || !isEncryptedAs(encryption, observedEncryption(answer.head.encryption))', 'false'],
      ['return sameContent(whole.head, copy) === true ? whole.head : undefined;', 'return whole.head;'],
    ],
    noticedAs: ['false answer', 'untold', 'own work not known', 'never final'],
  },
  {
    name: 'releases again what is released',
    file: 'release-object.ts',
    replace: [["if (existing?.record.state === 'done') return", "if (existing?.record.state === 'done' && false) return"]],
    noticedAs: ['put back twice', 'newer overwritten', 'own work not known'],
  },
  {
    name: 'tells nobody',
    file: 'release-object.ts',
    replace: [['  await ports.announce(detail);\n', '']],
    noticedAs: ['untold'],
  },
  {
    name: 'tells after the record is closed',
    file: 'release-object.ts',
    replace: [
      ['  await ports.announce(detail);\n', ''],
      [
        "await claim.update({ state: 'done', ...result });",
        "await claim.update({ state: 'done', ...result });\n  await ports.announce(detail);",
      ],
    ],
    noticedAs: ['untold'],
  },
  {
    name: 'writes in a dry run',
    file: 'release-object.ts',
    replace: [['if (request.dryRun) return', 'if (request.dryRun && plan.done !== undefined) return']],
    noticedAs: ['dry run wrote'],
  },
  {
    name: 'discards in a dry run',
    file: 'discard-object.ts',
    replace: [['if (request.dryRun) return', 'if (request.dryRun && versions.length === 0) return']],
    noticedAs: ['dry run wrote'],
  },
  {
    name: 'discards no repetitions',
    file: 'discard-object.ts',
    replace: [
      ['for (const { versionId } of versions) {', 'for (const { versionId } of versions.slice(-1)) {'],
      ['if (left.length > 0) throw', 'if (left.length > 9) throw'],
    ],
    noticedAs: ['false answer'],
  },
  {
    name: 'discards, and leaves the parts of an unfinished release',
    file: 'discard-object.ts',
    replace: [['  await giveUpRelease(receipt, ports);\n', '  void giveUpRelease;\n']],
    noticedAs: ['parts left'],
  },
  {
    name: 'loses the tags',
    file: 'plan-release.ts',
    replace: [['tags: others, notCopied', 'tags: {}, notCopied']],
    noticedAs: ['not whole'],
  },
  {
    name: 'encrypts as it was in quarantine',
    file: 'plan-release.ts',
    replace: [['encryption: encryption.encryption, tags', "encryption: { scheme: 'SSE-S3' }, tags"]],
    noticedAs: ['not whole', 'never final'],
  },
  {
    name: 'takes away the copy',
    file: 'release-object.ts',
    replace: [
      [
        "  ports.log('object released', detail);",
        "  ports.log('object released', detail);\n  await ports.store.deleteVersion(receipt.copy);",
      ],
    ],
    noticedAs: ['lost'],
  },
];
