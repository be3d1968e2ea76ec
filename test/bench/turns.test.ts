import { expect, test } from 'vitest'
import { lostUpdate } from '../../src/lab/lessons/lost-update.ts'
import { Team } from '../../src/stress/team.ts'
import type { Run, RunOptions } from '../../src/stress/run-load.ts'
import { takeTurns } from '../../bench/harness/turns.ts'

/** A team that runs nothing and records what it was asked to run. */
function teamOf(asked: RunOptions[]): Team {
  const run = (options: RunOptions): Promise<Run> => {
    asked.push(options)
    return Promise.resolve({ milliseconds: asked.length } as Run)
  }
  return Object.assign(Object.create(Team.prototype) as Team, { run })
}

function subject(variant: string) {
  return { name: 'lost-update', load: lostUpdate.load, variant, workers: 2, iterations: 7 }
}

test('subjects take turns, every second time in reverse order, and each gets its own runs in order', async () => {
  const asked: RunOptions[] = []
  const said: string[] = []
  const options = { workers: [2], repetitions: 3, share: 1, onProgress: (doing: string) => void said.push(doing) }
  const done = await takeTurns(['a', 'b'].map(subject), { ...options, team: teamOf(asked) })
  expect(asked.map(({ setting }) => setting.variant)).toEqual(['a', 'b', 'b', 'a', 'a', 'b'])
  expect(done.map(({ variant, runs }) => [variant, runs.map(({ milliseconds }) => milliseconds)])).toEqual([
    ['a', [1, 4, 5]],
    ['b', [2, 3, 6]],
  ])
  expect(said[0]).toBe('lost-update: a on 2 (repetition 1 of 3)')
})

test('the load runs without a gap, with the given setting', async () => {
  const asked: RunOptions[] = []
  const options = { workers: [2], repetitions: 1, share: 1, onProgress: () => {} }
  await takeTurns([subject('cas')], { ...options, team: teamOf(asked) })
  expect(asked[0]!.gap).toEqual({ kind: 'none' })
  expect(asked[0]!.setting).toEqual({ variant: 'cas', workers: 2, iterations: 7, seed: 1, database: 'memory' })
})
