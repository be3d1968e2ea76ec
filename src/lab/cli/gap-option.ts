/** The parser of the option --gap. */
import { InvalidArgumentError } from 'commander'
import { RacelabError } from '../../errors.ts'
import { parseGap } from '../../stress/gap.ts'
import type { Gap } from '../../stress/gap.ts'

/** Returns the gap, or throws an error that says in one line what it must be. */
export function gapText(text: string): Gap {
  try {
    return parseGap(text)
  } catch (misuse) {
    if (misuse instanceof RacelabError) throw new InvalidArgumentError(misuse.message)
    throw misuse
  }
}
