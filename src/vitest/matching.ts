/** What vitest and a matcher give each other. */

/** What a matcher returns to vitest. */
export interface MatchResult {
  pass: boolean
  message(): string
}

/** What vitest gives a matcher as `this`. */
export interface MatcherState {
  /** Whether the matcher is used after `.not`. */
  readonly isNot: boolean
}

/** Fails the assertion, with or without `.not`: what was not tried to its end shows neither that something holds nor that it fails. */
export function undecided({ isNot }: MatcherState, what: string, report: () => string): MatchResult {
  return { pass: isNot, message: () => `${what}: neither the matcher nor its negation is satisfied\n\n${report()}` }
}
