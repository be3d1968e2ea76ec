/**
 * The types of what an access handles: the elements of a typed array, and the operands of an access.
 */

/** A value that is read from or written to memory, or that an access carries with it. */
export type Operand = number | bigint | string | Uint8Array | undefined

/** A typed array of any kind, reduced to what the explorer uses of it. */
export type Elements = { [index: number]: number | bigint; readonly length: number } & ArrayBufferView
