/** What the explorer makes of a variable that no scope holds: of optimised code, V8 may leave out a whole scope. */
import { expect, test } from 'vitest'

import { Scope } from '../../../src/explore/run/spins/scope.ts'
import { MissedVariable, Obstacle } from '../../../src/explore/run/spins/values.ts'

/** Returns what reading a variable of this name throws, given the names that the source declares. */
function thrown(name: string, declared: readonly string[]): unknown {
  try {
    return new Scope({ type: 'EmptyStatement', start: 0, end: 0 }, undefined).read(name, declared)
  } catch (error) {
    return error
  }
}

test('a variable that the source declares and no scope holds is missed: without optimised code, it is there', () => {
  expect(thrown('count', ['count'])).toBeInstanceOf(MissedVariable)
})

test('one that the source does not declare is a global: it is in the way, and not missed', () => {
  expect(thrown('count', ['other'])).toBeInstanceOf(Obstacle)
  expect(thrown('count', ['other'])).not.toBeInstanceOf(MissedVariable)
})
