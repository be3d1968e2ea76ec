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

/** A value that should have been another, as a message shows it: text in quotes, so that "5" is not taken for 5. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'number' || value === undefined || value === null ? String(value) : `of type ${typeof value}`
}
