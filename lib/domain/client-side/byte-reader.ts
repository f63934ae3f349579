/** Thrown where the bytes are at their end: no more of them were read, or there are no more. */
export class OutOfBytes extends Error {}

/** Reads what stands in front of a byte string, in network order. */
export class ByteReader {
  private at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.at;
  }

  uint8(): number {
    return this.view.getUint8(this.take(1));
  }

  uint16(): number {
    return this.view.getUint16(this.take(2));
  }

  uint32(): number {
    return this.view.getUint32(this.take(4));
  }

  /** Exact up to 2^53, which is more than any object has bytes. */
  uint64(): number {
    return this.uint32() * 2 ** 32 + this.uint32();
  }

  next(length: number): Uint8Array {
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }

  /** A field of so many bytes as the two before it say. */
  sized(): Uint8Array {
    return this.next(this.uint16());
  }

  private take(length: number): number {
    const start = this.at;
    if (start + length > this.bytes.length) throw new OutOfBytes();
    this.at += length;
    return start;
  }
}
