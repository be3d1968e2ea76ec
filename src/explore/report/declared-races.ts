/** One line about the data races that a scenario declares. */
import type { Exploration } from '../search/result.ts'
import { withoutPrefix } from './call-entries.ts'
import { widthOf } from '../../terminal/wrapped.ts'

const BEGINNING = 'Data races are declared, and no failures, on '

/** Returns one line with the declared names. Names that do not fit are counted. Empty if no race is declared. */
export function declaredRacesLine({ declaredRaces = [] }: Exploration, columns?: number): string {
  if (declaredRaces.length === 0) return ''
  const width = widthOf(columns)
  const names = declaredRaces.map((name, index) => withoutPrefix(name, declaredRaces[index - 1]))
  for (let shown = names.length; shown > 0; shown--) {
    const left = names.length - shown
    const line = `${BEGINNING}${names.slice(0, shown).join(', ')}${left === 0 ? '' : ` and ${left} more`}.`
    if (line.length <= width) return line
  }
  return `${BEGINNING}${declaredRaces.length} words.`
}
