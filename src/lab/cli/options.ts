/** Options as commander reads them: each parser returns the value or says in one line what it should be. */
import { InvalidArgumentError } from 'commander'
import { RacelabError } from '../../errors.ts'
import { type Gap, parseGap } from '../../stress/gap.ts'

/** A parser for whole numbers in a range. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^-?\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
    }
    return value
  }
}

/** A number of seconds, more than none. */
export function seconds(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 86_400)) throw new InvalidArgumentError('It must be a number of seconds, up to 86400.')
  return value
}

export function gapText(text: string): Gap {
  try {
    return parseGap(text)
  } catch (misuse) {
    if (misuse instanceof RacelabError) throw new InvalidArgumentError(misuse.message)
    throw misuse
  }
}
