// What the lines of a widget amount to, out of recorded data points: as much of CloudWatch as the dashboard asks for.

const STATISTICS = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  Minimum: (values) => Math.min(...values),
  Maximum: (values) => Math.max(...values),
  p50: (values) => percentile(values, 0.5),
  p99: (values) => percentile(values, 0.99),
};

const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1];

/** A row of a widget's `metrics`: names and values in turn, then what is said of it. */
function parsed(row) {
  const options = typeof row.at(-1) === 'object' ? row.at(-1) : {};
  const [namespace, metric, ...dimensions] = row.filter((cell) => typeof cell === 'string');
  const pairs = dimensions.flatMap((name, i) => (i % 2 === 0 ? [[name, dimensions[i + 1]]] : []));
  return { namespace, metric, dimensions: Object.fromEntries(pairs), ...options };
}

const sameDimensions = (one, other) => JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

function statisticOf(name = 'Average') {
  const statistic = STATISTICS[name];
  if (statistic === undefined) throw new Error(`the picture knows no statistic ${name}; teach scripts/dashboard/series.mjs`);
  return statistic;
}

/** `[label, points]` of each line of a graph that has any; a point is the statistic of one step. */
export function linesOf({ metrics }, data, stepSeconds) {
  const rows = metrics.map(parsed);
  return rows
    .filter(({ visible }) => visible !== false)
    .flatMap((row) =>
      (rateOf(row, rows, data, stepSeconds) ?? found(row, data)).map(({ label, stat, points }) => ({
        label,
        right: row.yAxis === 'right',
        points: steps(points, stat),
      })),
    );

  function steps(points, stat) {
    const inStep = grouped(points, stepSeconds);
    return [...inStep]
      .sort(([a], [b]) => a - b)
      .map(([step, some]) => [step * stepSeconds, statisticOf(stat)(some.map(([, value]) => value))]);
  }
}

/** The lowest quota that KMS gives. */
const QUOTA = 10_000;
const SHARE = /^100 \* (\w+) \/ PERIOD\(\1\) \/ SERVICE_QUOTA\(\1\)$/;
const SUM_A_SECOND = /^\((FILL\(\w+, 0\)(?: \+ FILL\(\w+, 0\))*)\) \/ PERIOD\(\w+\)$/;

/** What a row calculates of others: a share of the quota in percent, or all together a second. */
function rateOf({ expression = '', label }, rows, data, stepSeconds) {
  const [, calls] = SHARE.exec(expression) ?? [];
  const [, sum] = SUM_A_SECOND.exec(expression) ?? [];
  if (calls === undefined && sum === undefined) return undefined;
  const ids = calls === undefined ? [...sum.matchAll(/FILL\((\w+), 0\)/g)].map(([, id]) => id) : [calls];
  const factor = (calls === undefined ? 1 : 100 / QUOTA) / stepSeconds;
  const operands = rows.filter(({ id }) => ids.includes(id));
  const points = data.filter((each) => operands.some((row) => isMeant(row, each))).flatMap((each) => each.points);
  return points.length === 0 ? [] : [{ label, stat: 'Sum', points: points.map(([at, value]) => [at, value * factor]) }];
}

function grouped(points, stepSeconds) {
  const groups = new Map();
  for (const point of points) {
    const step = Math.floor(point[0] / stepSeconds);
    groups.set(step, [...(groups.get(step) ?? []), point]);
  }
  return groups;
}

/** The measurements that a row means: one, or each that its SEARCH finds. */
function found(row, data) {
  const search = /^SEARCH\('\{([^}]+)\} MetricName="(\w+)" AND \((.+)\)', '(\w+)'\)$/.exec(row.expression ?? '');
  if (search === null) {
    if (row.expression !== undefined) throw new Error(`the picture cannot draw ${row.expression}; teach scripts/dashboard/series.mjs`);
    return data.filter((each) => isMeant(row, each)).map(({ points }) => ({ label: row.label ?? row.metric, stat: row.stat, points }));
  }
  const [, schema, metric, terms, stat] = search;
  const [namespace, ...names] = schema.split(',');
  const wanted = [...terms.matchAll(/(\w+)="([^"]+)"/g)];
  return data
    .filter((each) => each.namespace === namespace && each.metric === metric && sameNames(names, each.dimensions))
    .filter(({ dimensions }) => wanted.some(([, name, value]) => dimensions[name] === value))
    .map(({ dimensions, points }) => ({
      label: row.label.replace(/\$\{PROP\('Dim\.(\w+)'\)\}/, (_, name) => dimensions[name]),
      stat,
      points,
    }));
}

const sameNames = (names, dimensions) => JSON.stringify([...names].sort()) === JSON.stringify(Object.keys(dimensions).sort());

const isMeant = (row, each) =>
  each.namespace === row.namespace && each.metric === row.metric && sameDimensions(each.dimensions, row.dimensions);

/** `[label, value]` of each visible row of a widget of single values, over the whole time. */
export function valuesOf({ metrics }, data) {
  const rows = metrics.map(parsed);
  const overall = (row) => {
    const points = data.filter((each) => isMeant(row, each)).flatMap((each) => each.points);
    return points.length === 0 ? undefined : statisticOf(row.stat)(points.map(([, value]) => value));
  };
  const filled = (id) => overall(rows.find((row) => row.id === id)) ?? 0;
  return rows
    .filter(({ visible }) => visible !== false)
    .map((row) => [row.label ?? row.metric, row.expression === undefined ? overall(row) : sumOf(row.expression, filled)]);
}

/** `FILL(a,0)+FILL(b,0)-FILL(c,0)` */
function sumOf(expression, filled) {
  const terms = [...expression.matchAll(/([+-]?)FILL\((\w+),0\)/g)];
  if (terms.map(([term]) => term).join('') !== expression)
    throw new Error(`the picture cannot calculate ${expression}; teach scripts/dashboard/series.mjs`);
  return terms.reduce((sum, [, sign, id]) => sum + (sign === '-' ? -1 : 1) * filled(id), 0);
}
