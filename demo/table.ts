/** Rows of text as a table that fits a terminal of 140 columns and reads the same in a file. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(widthOf)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n');
}

/** Leaves out the middle: the beginning and the end tell names apart. */
export function shorten(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  const head = Math.ceil((width - 1) / 2);
  return [...characters.slice(0, head), '…', ...characters.slice(head + 1 - width)].join('');
}

/** Numbers to the right, so that they can be compared. */
function pad(cell: string, width: number): string {
  const space = ' '.repeat(width - widthOf(cell));
  return /^\d+$/.test(cell) ? space + cell : cell + space;
}

function widthOf(text: string): number {
  return [...text].length;
}

/** A file's name may hold what a terminal takes for a command, or what turns the direction of the text. */
export function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are meant
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '�');
}
