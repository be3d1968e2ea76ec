/** Says which classes were explored by their contracts, and which were not although they have one. */
import type { Exploration } from '../search/result.ts'

/** Returns a sentence on each. */
export function contractTexts({ contracts = [], inside = {} }: Exploration): string[] {
  const covered =
    contracts.length === 0
      ? []
      : [`By contract, each call of ${joined(contracts)} is one step, or few. Preemptions are counted between them.`]
  return [...covered, ...Object.entries(inside).map(([of, why]) => `${of} is explored inside: ${why}.`)]
}

function joined(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
