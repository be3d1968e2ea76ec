import { expect, test } from 'vitest'

import { threadLessons, findThreadLesson } from '../../src/lab/lessons/index.ts'
import { explore, replay } from '../../src/explore/index.ts'
import type { ExploreOptions, Exploration } from '../../src/explore/index.ts'

function exploreVariant(bug: string, variant: string, options: ExploreOptions = {}): Exploration {
  return explore(findThreadLesson(bug).scenario!(variant), options)
}

const broken = [
  ['lost-update', 'buggy', '1'],
  ['phantom-session', 'buggy', 'sessions=0 active=0 queue=0, then agree'],
  // The session is subtracted from the count twice, and its row is queued twice.
  ['phantom-session', 'check-then-lock', 'agree, then sessions=0 active=0 queue=2'],
  ['stale-overwrite', 'buggy', 'edit lost, refreshed'],
  ['stale-overwrite', 'less-than', 'edited, never refreshed'],
  // A row of the same second passes for as new as the session.
  ['stale-overwrite', 'timestamp', 'edit lost, refreshed'],
  ['cleanup-leak', 'buggy', 'tried 3 times, still queued'],
  ['auth-bypass', 'buggy', 'served, still authenticated'],
  ['rate-limit-bypass', 'buggy', '2 served'],
  ['session-fixation', 'buggy', 'created, live without a row'],
] as const

const holding = [
  ['lost-update', 'write-lock'],
  ['lost-update', 'mutex'],
  ['lost-update', 'atomic-add'],
  ['lost-update', 'cas'],
  ['phantom-session', 'all-locks'],
  ['phantom-session', 'state-machine'],
  ['cleanup-leak', 'retry-limit'],
  ['cleanup-leak', 'dead-letter'],
  ['rate-limit-bypass', 'sound'],
  ['session-fixation', 'sound'],
] as const

/** `lab explore` explores these completely as well, in about 20,000 schedules each. */
const large = [
  ['stale-overwrite', 'version-equal'],
  ['stale-overwrite', 'newer-only'],
  ['auth-bypass', 'sound'],
] as const

test.each(broken)('%s: that %s does not hold is found', (bug, variant, outcome) => {
  const result = exploreVariant(bug, variant)
  expect(result).toMatchObject({ verdict: 'fail', failures: [{ kind: 'outcome', outcome }] })
})

test('cleanup-leak: the schedule that is shown has the refused attempt in it', () => {
  const { failures } = exploreVariant('cleanup-leak', 'buggy')
  const replayed = replay(findThreadLesson('cleanup-leak').scenario!('buggy'), failures[0]!.token)
  const steps = replayed.kind === 'diverged' ? [] : replayed.recording.steps
  expect(steps.filter(({ location, writes }) => writes && location === 'stats.failedCleanups')).toMatchObject([
    { before: '0', after: '1' },
  ])
})

test.each(holding)('%s: %s holds in every schedule', (bug, variant) => {
  expect(exploreVariant(bug, variant)).toMatchObject({ verdict: 'pass', complete: true })
})

test.each(large)('%s: in %s the first schedules find no failure, and neither do random ones', (bug, variant) => {
  for (const strategy of ['dpor', 'pct'] as const) {
    const result = exploreVariant(bug, variant, { strategy, maxSchedules: 200 })
    expect(result).toMatchObject({ verdict: 'inconclusive', failures: [] })
  }
})

test('each variant of each bug is explored, and is what it is declared to be', () => {
  const declared = threadLessons.flatMap(({ name, variants }) =>
    variants.map((each) => [name, each.name, each.sound] as const),
  )
  const found = [
    ...broken.map(([bug, variant]) => [bug, variant, false] as const),
    ...[...holding, ...large].map(([bug, variant]) => [bug, variant, true] as const),
  ]
  expect(found.map(String).toSorted()).toEqual(declared.map(String).toSorted())
})
