// Draws widgets of a CloudWatch dashboard as SVG, the same each time.
import { linesOf, valuesOf } from './series.mjs';

const [COLUMN, ROW, GAP] = [50, 40, 4];
const COLOURS = ['#2563eb', '#dc2626', '#059669', '#d97706', '#7c3aed', '#0891b2'];
const STEP_SECONDS = 5;

export function drawDashboard(widgets, { measurements, seconds, origin, note }) {
  const height = Math.max(...widgets.map(({ y, height: rows }) => y + rows)) * ROW + 38;
  const cards = widgets.map((widget) => card(widget, measurements, seconds));
  const notes = [`A picture, not a screenshot: its numbers were ${origin}, in steps of ${STEP_SECONDS} s.`, note];
  const written = notes.map((line, i) => text(8, height - 22 + i * 14, line, 'note'));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${24 * COLUMN} ${height}" font-family="sans-serif">
<title>The dashboard of EncryptionMonitoring</title>
<style>text{fill:#1f2937;font-size:11px}.title{font-size:13px;font-weight:bold}.value{font-size:30px}.note,.axis{fill:#6b7280}</style>
<rect width="100%" height="100%" fill="#f3f4f6"/>
${cards.join('\n')}
${written.join('\n')}
</svg>
`;
}

function card(widget, data, seconds) {
  const box = { width: widget.width * COLUMN - GAP, height: widget.height * ROW - GAP };
  const frame = `<rect width="${box.width}" height="${box.height}" rx="4" fill="#fff" stroke="#d1d5db"/>`;
  const title = widget.properties.title === undefined ? '' : text(10, 20, widget.properties.title, 'title');
  const x = widget.x * COLUMN + GAP / 2;
  const y = widget.y * ROW + GAP / 2;
  return `<g transform="translate(${x} ${y})">${frame}${title}${contentOf(widget, box, data, seconds)}</g>`;
}

function contentOf({ type, properties }, box, data, seconds) {
  if (type === 'text') return paragraphs(properties.markdown, box);
  if (type === 'alarm') return alarms(properties.alarms, box);
  if (properties.view === 'singleValue') return values(valuesOf(properties, data), box);
  return graph(linesOf(properties, data, STEP_SECONDS), properties, box, seconds);
}

/** Without the links, and wrapped by the number of characters that fit. */
function paragraphs(markdown, { width }) {
  const plain = markdown.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1').replace(/\*+/g, '');
  const lines = plain.split('\n\n').flatMap((paragraph) => [...wrapped(paragraph, Math.floor(width / 6.2)), '']);
  return lines.map((line, i) => text(10, 20 + i * 15, line)).join('');
}

function wrapped(paragraph, length) {
  const lines = [''];
  for (const word of paragraph.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= length) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** As many as there are, as high as there is room for. */
function alarms(arns, { width, height }) {
  const [top, gap] = [32, 4];
  const row = Math.min(32, (height - top - gap) / Math.ceil(arns.length / 2));
  return arns
    .map((arn, i) => {
      const [x, y] = [10 + (i % 2) * (width / 2 - 5), round(top + Math.floor(i / 2) * row)];
      const frame = `<rect x="${x}" y="${y}" width="${width / 2 - 15}" height="${round(row - gap)}" rx="3" fill="#f9fafb" stroke="#d1d5db"/>`;
      return frame + text(x + 6, y + (row - gap) / 2 + 4, friendly(arn));
    })
    .join('');
}

function values(pairs, { width }) {
  return pairs
    .map(([label, value], i) => {
      const [x, y] = [10 + (i % 3) * (width / 3), 80 + Math.floor(i / 3) * 85];
      return text(x, y, value === undefined ? '–' : format(value), 'value') + text(x, y + 20, label);
    })
    .join('');
}

function graph(lines, { stacked = false, annotations: { horizontal = [] } = {} }, { width, height }, seconds) {
  if (lines.length === 0) return text(10, height / 2, 'no data: nothing happened, or the engine does not measure it', 'note');
  const area = { left: 44, right: width - 10, top: 34, bottom: height - 24 - 14 * Math.ceil(lines.length / 2) };
  const drawn = stacked ? pile(lines, seconds) : lines;
  const most = niceCeiling(
    Math.max(1, ...drawn.flatMap(({ points }) => points.map(([, value]) => value)), ...horizontal.map(({ value }) => value)),
  );
  const x = (at) => round(area.left + (at / seconds) * (area.right - area.left));
  const y = (value) => round(area.bottom - (value / most) * (area.bottom - area.top));
  const grid = [0, 0.5, 1].map((share) => gridLine(y(share * most), format(share * most), area));
  // The pile from its top, so that each part covers what is below it.
  const paths = drawn.map((line, i) => path(line, COLOURS[i % COLOURS.length], stacked, x, y)).reverse();
  const limits = horizontal.map(({ value, label }) => limitLine(y(value), label, area));
  return [...grid, ...paths, ...limits, ...legend(lines, area, width)].join('');
}

const gridLine = (y, label, { left, right }) =>
  `<path d="M${left} ${y}H${right}" stroke="#e5e7eb"/><text x="${left - 6}" y="${y + 4}" text-anchor="end" class="axis">${label}</text>`;

const limitLine = (y, label, { left, right }) =>
  `<path d="M${left} ${y}H${right}" stroke="#dc2626" stroke-dasharray="4 3"/>${text(left + 4, y - 4, label)}`;

/** Each on top of those before it; nothing counted is zero there. */
function pile(lines, seconds) {
  const times = Array.from({ length: seconds / STEP_SECONDS + 1 }, (_, i) => i * STEP_SECONDS);
  const below = new Map(times.map((at) => [at, 0]));
  return lines.map((line) => {
    const own = new Map(line.points);
    for (const at of times) below.set(at, below.get(at) + (own.get(at) ?? 0));
    return { ...line, points: times.map((at) => [at, below.get(at)]) };
  });
}

function path({ points }, colour, filled, x, y) {
  const line = points.map(([at, value], i) => `${i === 0 ? 'M' : 'L'}${x(at)} ${y(value)}`).join('');
  // Few points may have nothing between them that is true.
  const dots =
    points.length > 12 ? '' : points.map(([at, value]) => `<circle cx="${x(at)}" cy="${y(value)}" r="2.5" fill="${colour}"/>`).join('');
  if (!filled) return `<path d="${line}" fill="none" stroke="${colour}" stroke-width="1.5"/>${dots}`;
  return `<path d="${line}L${x(points.at(-1)[0])} ${y(0)}L${x(points[0][0])} ${y(0)}Z" fill="${colour}" stroke="#fff" stroke-width="0.5"/>`;
}

function legend(lines, { bottom }, width) {
  return lines.map(({ label }, i) => {
    const [x, y] = [14 + (i % 2) * (width / 2), bottom + 22 + Math.floor(i / 2) * 14];
    return `<rect x="${x}" y="${y - 8}" width="8" height="8" fill="${COLOURS[i % COLOURS.length]}"/>${text(x + 13, y, friendly(label))}`;
  });
}

/** Without what CloudFormation needs: `${RecordsBucketAB12CD34}` is RecordsBucket. */
const friendly = (name) => name.replace(/\$\{(\w+?)[0-9A-F]{8}\}/g, '$1');

function niceCeiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 5, 10].find((step) => step * power >= value);
}

const round = (number) => Math.round(number * 10) / 10;
const format = (value) => String(round(value)).replace(/\B(?=(\d{3})+(?!\d|\.))/g, ',');
const escaped = (words) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const text = (x, y, words, style) => `<text x="${round(x)}" y="${round(y)}"${style ? ` class="${style}"` : ''}>${escaped(words)}</text>`;
