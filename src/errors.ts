/**
 * The base class of all errors that racelab throws on purpose. Each subclass stands for one kind of misuse, and its message
 * says what happened and what to do.
 *
 * @example
 * const mutex = new Mutex(new Int32Array(new SharedArrayBuffer(4)), 0)
 * try {
 *   mutex.unlock()
 * } catch (error) {
 *   error instanceof RacelabError // true
 * }
 */
export abstract class RacelabError extends Error {
  /**
   * A name for the kind of error, such as `ERR_RACELAB_BAD_TOKEN`. It is kept where the class is lost: in JSON, and when an
   * error is sent from a worker thread.
   */
  abstract readonly code: string

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}

/** Returns an invalid value as an error message shows it. Text is in quotes, so that "5" is not read as 5. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'number' || value === undefined || value === null ? String(value) : `of type ${typeof value}`
}

/** Returns the type of a value by name, such as String, Null or Map: `typeof` tells fewer apart. */
export function typeName(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}
