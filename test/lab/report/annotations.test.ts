import { expect, test } from 'vitest'

import { annotations } from '../../../src/lab/report/annotations.ts'
import type { ExploredDocument } from '../../../src/lab/report/explored-document.ts'

const failed = {
  scenario: 'counter',
  variant: 'torn',
  verdict: 'fail',
  failures: [{ kind: 'outcome', message: 'the outcome 1', token: 'rl1.x' }],
} as unknown as ExploredDocument

test('a failure is an error of its variant, unless the variant is declared to fail', () => {
  expect(annotations([failed])).toEqual(['::error title=counter (torn)%3A outcome::the outcome 1%0Atoken: rl1.x'])
  expect(annotations([{ ...failed, asDeclared: true }])).toEqual([])
})
