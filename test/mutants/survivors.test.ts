import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { operationMutants } from './mutants.ts'
import { SURVIVORS, reasonToSurvive } from './survivors.ts'

const known = SURVIVORS.flatMap(({ why, mutants }) => mutants.map((mutant) => ({ why, mutant })))

test.each(known)(
  'what clients do not find is a mutant of the store: $mutant',
  ({ why, mutant: [file, line, what] }) => {
    const path = `src/store/${file}`
    const source = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
    const mutants = operationMutants(path, source).filter(
      (each) => each.what === what && inLine(source, each.line) === line,
    )
    expect(mutants).not.toEqual([])
    expect(mutants.map((each) => reasonToSurvive(each, source))).toEqual(mutants.map(() => why))
  },
)

function inLine(source: string, line: number): string {
  return source.split('\n')[line - 1]!.trim()
}
