/**
 * Parsers for the options of commands. Each returns the value, or throws an error that says in one line what the value
 * must be.
 */
import { InvalidArgumentError } from 'commander'

/** Returns a parser for whole numbers from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^-?\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
    }
    return value
  }
}

/** Parses a number of seconds, more than 0 and at most 86400. */
export function seconds(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 86_400))
    throw new InvalidArgumentError('It must be a number of seconds, more than 0 and at most 86400.')
  return value
}
