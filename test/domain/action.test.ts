import { type Action, type Circumstances, decideAction } from '../../lib/domain/action';
import type { TargetEncryption } from '../../lib/domain/target-encryption';
import type { Violation, ViolationReason } from '../../lib/domain/verdict';

const violation = (reason: ViolationReason): Violation => ({ compliant: false, reason, expected: 'SSE-KMS', observed: 'SSE-S3' });
const GIB = 1024 ** 3;
const target: TargetEncryption = { scheme: 'SSE-S3' };
const ordinary: Circumstances = { encryption: 'SSE-S3', size: 1, nonCurrentNullVersion: false, target };

/** Reason → what tag, quarantine, and re-encryption become. Data is touched on proof only. */
const BY_REASON: readonly (readonly [ViolationReason, Action, Action, Action])[] = [
  ['wrong-scheme', 'tag', 'quarantine', 'reencrypt'],
  ['wrong-key', 'tag', 'quarantine', 'reencrypt'],
  ['not-encrypted', 'tag', 'quarantine', 'reencrypt'],
  ['key-unidentified', 'report', 'report', 'report'],
  ['unknown-encryption', 'report', 'report', 'report'],
  ['client-side-unverifiable', 'report', 'report', 'report'],
  ['unreadable', 'report', 'report', 'report'],
];

/** Circumstance → what tag, quarantine, and re-encryption become for a proven violation. Nothing is moved that cannot be copied whole. */
const BY_CIRCUMSTANCE: readonly (readonly [string, Circumstances, Action, Action, Action])[] = [
  ['an ordinary object', ordinary, 'tag', 'quarantine', 'reencrypt'],
  ['an empty object', { ...ordinary, size: 0 }, 'tag', 'quarantine', 'reencrypt'],
  ['an object of 5 GiB', { ...ordinary, size: 5 * GIB }, 'tag', 'quarantine', 'reencrypt'],
  ['an object of 50 TB, the most that S3 keeps', { ...ordinary, size: 50e12 }, 'tag', 'quarantine', 'reencrypt'],
  ['an object of unknown size', { ...ordinary, size: undefined }, 'tag', 'tag', 'tag'],
  ["an object under its uploader's key", { ...ordinary, encryption: 'SSE-C' }, 'tag', 'tag', 'tag'],
  ['an object whose requirement only its uploader can meet', { ...ordinary, target: undefined }, 'tag', 'quarantine', 'quarantine'],
  ['a null version beneath newer ones', { ...ordinary, nonCurrentNullVersion: true }, 'report', 'report', 'report'],
];

describe('the action taken on a violation', () => {
  test.each(BY_REASON)('%s: tag becomes %s, quarantine %s, reencrypt %s, report stays', (reason, tag, quarantine, reencrypt) => {
    expect(decideAction('reencrypt', violation(reason), ordinary).action).toBe(reencrypt);
    expect(decideAction('tag', violation(reason), ordinary).action).toBe(tag);
    expect(decideAction('quarantine', violation(reason), ordinary).action).toBe(quarantine);
    expect(decideAction('report', violation(reason), ordinary)).toEqual({ action: 'report' });
  });

  test.each(BY_CIRCUMSTANCE)('%s', (_, circumstances, tag, quarantine, reencrypt) => {
    expect(decideAction('reencrypt', violation('wrong-scheme'), circumstances).action).toBe(reencrypt);
    expect(decideAction('tag', violation('wrong-scheme'), circumstances).action).toBe(tag);
    expect(decideAction('quarantine', violation('wrong-scheme'), circumstances).action).toBe(quarantine);
    expect(decideAction('report', violation('wrong-scheme'), circumstances)).toEqual({ action: 'report' });
  });

  test('says why it is less than configured exactly where it is', () => {
    const wanted = (['tag', 'quarantine', 'reencrypt'] as const).flatMap((configured) => [
      ...BY_REASON.map(([reason]) => ({ configured, ...decideAction(configured, violation(reason), ordinary) })),
      ...BY_CIRCUMSTANCE.map(([, circumstances]) => ({ configured, ...decideAction(configured, violation('wrong-key'), circumstances) })),
    ]);
    const explained = wanted.map(({ reducedBecause }) => typeof reducedBecause === 'string' && reducedBecause.length > 0);
    expect(explained).toEqual(wanted.map(({ configured, action }) => configured !== action));
  });

  test('what is not proven is named as the reason', () => {
    expect(decideAction('quarantine', violation('key-unidentified'), ordinary).reducedBecause).toContain('key-unidentified');
  });
});
