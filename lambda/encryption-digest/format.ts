export function number(value: number): string {
  return value.toLocaleString('en-US');
}

export function some(count: number, one: string, more = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : more}`;
}

/** With what it was before. */
export function counted(value: number, before: number): string {
  return `${number(value)} (${number(before)})`;
}

/** Rounded down: 100 % is all of them. */
export function share(part: number, whole: number): string {
  return whole === 0 ? '' : `, ${Math.floor((part / whole) * 10_000) / 100} %`;
}

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;

/** In the largest unit that there is one of. */
export function duration(millis: number): string {
  const [size, unit] = UNITS.find(([of]) => millis >= of) ?? [1, 'ms'];
  return `${Math.round((millis / size) * 10) / 10} ${unit}`;
}

export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

const CONSOLES: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** Where the console of a partition is not known, the name alone. */
export function dashboardUrl(partition: string, region: string, name: string): string {
  const host = CONSOLES[partition];
  return host === undefined ? name : `https://${host}/cloudwatch/home?region=${region}#dashboards/dashboard/${name}`;
}
