import { type BucketFacts, countEnds, END_WORDS, ENDS, type End } from './facts';
import { type Html, html, join, NOTHING } from './html';

/** Buckets on the left, endings on the right, and between them a band for each, as broad as there are objects. */

const WIDTH = 480;
const TOP = 12;
const SCALE = 4.2;
const GAP = 40;
const LEFT = 116;
const RIGHT = 318;
const NODE = 9;

interface Node {
  readonly y: number;
  readonly height: number;
}

export function flowPicture(buckets: readonly BucketFacts[]): Html {
  const all = countEnds(buckets.flatMap(({ rows }) => rows));
  const ends = ENDS.filter((end) => all[end] > 0);
  const left = stack(buckets.map(({ rows }) => rows.length));
  const right = stack(ends.map((end) => all[end]));
  const height = Math.max(bottom(left), bottom(right)) + TOP;
  const title = `Of ${buckets.map(({ scheme, rows }) => `${rows.length} objects in the ${scheme} bucket`).join(', ')}: ${ends
    .map((end) => `${all[end]} ${END_WORDS[end]}`)
    .join(', ')}`;
  return html`<svg class="flow" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
${bands(buckets, ends, left, right)}
${buckets.map(({ scheme, rows }, position) => bucketNode(scheme, rows.length, left[position]))}
${ends.map((end, position) => endNode(end, all[end], right[position]))}
</svg>`;
}

function stack(counts: readonly number[]): Node[] {
  let y = TOP;
  return counts.map((count) => {
    const node = { y, height: count * SCALE };
    y += Math.max(node.height, 14) + GAP;
    return node;
  });
}

function bottom(nodes: readonly Node[]): number {
  const last = nodes.at(-1);
  return last === undefined ? TOP : last.y + Math.max(last.height, 20);
}

function bands(buckets: readonly BucketFacts[], ends: readonly End[], left: readonly Node[], right: readonly Node[]): Html {
  const into = ends.map((_, position) => right[position]?.y ?? TOP);
  const paths = buckets.flatMap(({ rows }, bucket) => {
    let from = left[bucket]?.y ?? TOP;
    const counts = countEnds(rows);
    return ends.map((end, position) => {
      const breadth = counts[end] * SCALE;
      const to = into[position] ?? TOP;
      into[position] = to + breadth;
      from += breadth;
      return breadth === 0 ? NOTHING : band(end, from - breadth, to, breadth);
    });
  });
  return join(paths);
}

function band(end: End, from: number, to: number, breadth: number): Html {
  const middle = (LEFT + NODE + RIGHT) / 2;
  const [y1, y2] = [from + breadth / 2, to + breadth / 2];
  const path = `M${LEFT + NODE} ${y1}C${middle} ${y1} ${middle} ${y2} ${RIGHT} ${y2}`;
  return html`<path class="band ${end}" d="${path}" stroke-width="${breadth}"/>`;
}

function bucketNode(scheme: string, count: number, node: Node = { y: TOP, height: 0 }): Html {
  const y = node.y + node.height / 2;
  return html`<rect class="node" x="${LEFT}" y="${node.y}" width="${NODE}" height="${node.height}" rx="2"/>
<text x="${LEFT - 8}" y="${y - 2}" text-anchor="end" class="strong">${scheme}</text><text x="${LEFT - 8}" y="${y + 15}" text-anchor="end">${count} uploads</text>`;
}

function endNode(end: End, count: number, node: Node = { y: TOP, height: 0 }): Html {
  const y = node.y + node.height / 2;
  return html`<rect class="node ${end}" x="${RIGHT}" y="${node.y}" width="${NODE}" height="${Math.max(node.height, 3)}" rx="2"/>
<text x="${RIGHT + NODE + 8}" y="${y - 2}" class="strong">${count}</text><text x="${RIGHT + NODE + 8}" y="${y + 15}">${END_WORDS[end]}</text>`;
}
