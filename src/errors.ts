/**
 * The root of every error that racelab throws on purpose. Each subclass is one kind of misuse; its message says what
 * happened and what to do. `code` survives where the class does not: in JSON, and on the way out of a worker thread.
 */
export abstract class RacelabError extends Error {
  abstract readonly code: string

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}
