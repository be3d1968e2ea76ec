import { expect, test } from 'vitest'

import { findBug } from '../../src/bugs/index.ts'
import { explore } from '../../src/explore/index.ts'
import type { ExploreOptions, Exploration } from '../../src/explore/index.ts'
import type { Scenario } from '../../src/scenario.ts'

function exploreVariant(bug: string, variant: string, options: ExploreOptions = {}): Exploration {
  return explore(findBug(bug).scenario?.(variant) as Scenario, options)
}

test.each([
  ['lost-update', 'buggy', 'dpor', '1'],
  ['phantom-session', 'check-then-lock', 'dpor', 'agree, then sessions=0 active=0 queue=2'],
  ['stale-overwrite', 'less-than', 'dpor', 'edited, never refreshed'],
  // A row of the same second looks as new as the session.
  ['stale-overwrite', 'timestamp', 'pct', 'edit lost, refreshed'],
  ['stale-overwrite', 'buggy', 'pct', 'edit lost, refreshed'],
] as const)('%s: that %s does not hold is found by %s', (bug, variant, strategy, outcome) => {
  const result = exploreVariant(bug, variant, { strategy, maxSchedules: 500 })
  expect(result).toMatchObject({ verdict: 'fail', failures: [{ kind: 'outcome', outcome }] })
})

test.each([
  ['lost-update', 'write-lock'],
  ['lost-update', 'mutex'],
  ['lost-update', 'atomic-add'],
  ['lost-update', 'cas'],
  ['phantom-session', 'all-locks'],
  ['phantom-session', 'state-machine'],
] as const)('%s: %s holds in every schedule', (bug, variant) => {
  expect(exploreVariant(bug, variant)).toMatchObject({ verdict: 'pass', complete: true })
})

test.each([
  ['stale-overwrite', 'version-equal'],
  ['stale-overwrite', 'newer-only'],
] as const)('%s: in %s nothing is found by lot', (bug, variant) => {
  const result = exploreVariant(bug, variant, { strategy: 'pct', maxSchedules: 60 })
  expect(result).toMatchObject({ verdict: 'inconclusive', failures: [] })
})
