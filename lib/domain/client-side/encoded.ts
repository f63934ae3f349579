/** Of the bytes that a text stands for; nothing, if it is not Base64 as the encoders write it, padding and unused bits included. */
export function base64Length(text: string): number | undefined {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes.length : undefined;
}

const ENCODED_WORD = /=\?[^?\s]+\?([bq])\?([^?\s]*)\?=(?:\s+(?==\?))?/gi;

/**
 * A value of user metadata as it was before S3 encoded it, which it does (RFC 2047) with what is not ASCII:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata. Letters beyond ASCII may come out as others; what
 * is looked at here, names and braces, is ASCII.
 */
export function withoutEncodedWords(value: string): string {
  return value.replace(ENCODED_WORD, (_, encoding: string, text: string) =>
    encoding.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString('utf8') : fromQuotedText(text),
  );
}

function fromQuotedText(text: string): string {
  const bytes = text.replaceAll('_', ' ').replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
