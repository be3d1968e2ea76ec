import { afterEach, expect, test } from 'vitest'
import { lostUpdate } from '../../src/lab/lessons/lost-update.ts'
import type { LessonSetting } from '../../src/lab/lessons/lesson.ts'
import { parseGap } from '../../src/stress/gap.ts'
import { WorkerFailedError } from '../../src/stress/run-load.ts'
import { MAX_WORKERS, Team, TeamSizeError } from '../../src/stress/team.ts'
import { workerFile } from '../../src/stress/worker-file.ts'

const gap = parseGap('none')
const setting: LessonSetting = { variant: 'cas', workers: 2, iterations: 10, seed: 1, database: 'memory' }
let team: Team | undefined

afterEach(async () => {
  await team?.close()
  team = undefined
})

test('64 workers run on 64 distinct threads, on any number of cores', async () => {
  team = await Team.start(64, await workerFile('stress'))
  const run = await team.run({ name: 'lost-update', load: lostUpdate.load, gap, setting: { ...setting, workers: 64 } })
  expect(run.threads).toBe(64)
  expect(run.total).toMatchObject({ expected: 640, actual: 640, violations: 0 })
})

test.each([0, -1, 1.5, Number.NaN, MAX_WORKERS + 1])('a team of %d is refused', async (size) => {
  await expect(Team.start(size, await workerFile('stress'))).rejects.toThrow(TeamSizeError)
})

test('a run with more workers than the team has threads is refused, because it would wait forever', async () => {
  team = await Team.start(2, await workerFile('stress'))
  const run = team.run({ name: 'lost-update', load: lostUpdate.load, gap, setting: { ...setting, workers: 3 } })
  await expect(run).rejects.toThrow(TeamSizeError)
})

test('a worker that fails fails the run, and the team can be closed although other workers wait at the gate', async () => {
  team = await Team.start(2, await workerFile('stress'))
  const run = team.run({ name: 'no-such-bug', load: lostUpdate.load, gap, setting })
  await expect(run).rejects.toThrow(WorkerFailedError)
  await expect(run).rejects.toThrow('no-such-bug')
})

test('a started team is complete: it can be closed at once', async () => {
  const file = await workerFile('stress')
  for (let round = 0; round < 3; round++) await (await Team.start(4, file)).close()
})

test('a team is refused whose threads cannot load their file', async () => {
  await expect(Team.start(2, '/no/such/worker.mjs')).rejects.toThrow(WorkerFailedError)
})
