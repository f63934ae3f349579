import type { Row } from './benchmark';

/** Of the table in a terminal and of the one in docs/benchmarks.md. */
export const HEADER = ['figure', 'value', 'quartiles', 'baseline', 'ratio', 'its quartiles', 'aim', 'met'] as const;

export function cellsOf({ name, value, unit, spread, baseline, ratio, ratioSpread, aim, atLeast, met }: Row): string[] {
  const withUnit = (number: number) => (unit === '$' ? `$${number.toFixed(2)}` : `${format(number)} ${unit}`.trim());
  return [
    name,
    withUnit(value),
    spread === undefined ? '' : spread.map(format).join(' – '),
    baseline === undefined ? '' : withUnit(baseline),
    ratio?.toFixed(2) ?? '',
    ratioSpread?.map((each) => each.toFixed(2)).join(' – ') ?? '',
    aim === undefined ? '' : `${atLeast ? '≥' : '≤'} ${aim}`,
    met === undefined ? '' : met ? 'yes' : '**no**',
  ];
}

/** As many digits as repeat. */
function format(value: number): string {
  return value < 100 && !Number.isInteger(value) ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}
