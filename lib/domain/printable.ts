/**
 * Texts that others choose, as they may stand in messages that people trust, and in templates that do not escape what is put in: a key with line
 * breaks in it could pass for further lines of the message, and one with quotation marks might keep it from being made.
 */

/** A key, as in a URI: one word. Whole, since two keys that were cut off could look alike; at most three times the length, so 3,072 characters. */
export function percentEncoded(key: string): string {
  return key.split('/').map(encoded).join('/');
}

/** The place of an object, `s3://bucket/key`. */
export function percentEncodedPlace(place: string): string {
  const [, scheme = '', rest = ''] = /^(s3:\/\/)?(.*)$/s.exec(place) ?? [];
  return `${scheme}${percentEncoded(rest)}`;
}

/**
 * Free text, on one line. Letters and digits stay, and what ASCII prints, but for quotation marks, backslashes, angle brackets and percent signs: the
 * rest could end a line or a text, stand for something else, hide, or turn round what follows; so are letters that show nothing. Nor may spaces push what follows onto the next line.
 */
export function onOneLine(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}\x20-\x7e]|\p{Default_Ignorable_Code_Point}|["\\<>%]|(?<= ) /gu, encoded);
}

/** Half a character, which has no encoding, as what decoders take for it. */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}
