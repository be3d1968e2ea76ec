/** The examples of the section "explore". */
import { CLASSICS } from './classics.ts'
import type { Example } from './example.ts'
import { LESSONS } from './lessons.ts'

export const EXAMPLES: readonly Example[] = [...CLASSICS, ...LESSONS]

/** Returns the example of a name; undefined if there is none. */
export function exampleOf(name: string): Example | undefined {
  return EXAMPLES.find((example) => example.name === name)
}
