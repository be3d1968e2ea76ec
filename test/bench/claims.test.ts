import { expect, test } from 'vitest'
import { comparisonTable, verdictOn } from '../../bench/harness/claims.ts'
import type { Comparison } from '../../bench/harness/claims.ts'
import { figureOf } from '../../bench/harness/figure.ts'

function comparison(throughput: number): Comparison {
  const changes = { throughput: figureOf([throughput]), p95: figureOf([0.2]), p99: figureOf([0.5]) }
  return { variant: 'retried', baseline: 'sound', workers: 2, changes }
}

// The claim is −13 %: met from −6.5 % to −19.5 %.
test.each([
  ['true', [-0.07, -0.13, -0.19]],
  ['not true', [-0.06, -0.2, 0.13]],
  ['not true in general', [-0.13, -0.6]],
])('the throughput claim is %s when the changes are %j', (verdict, changes) => {
  expect(verdictOn('throughput', changes.map(comparison))).toMatch(new RegExp(`^throughput −13 %: ${verdict}\\. `))
})

test('the verdict counts the comparisons and names the range of the medians', () => {
  expect(verdictOn('throughput', [-0.13, -0.6].map(comparison))).toContain(
    'in 1 of 2 comparisons; medians: retried −60 % to −13 %.',
  )
})

test('the table has each claim above the measured changes', () => {
  const [head, , row] = comparisonTable([comparison(-0.5)]).split('\n')
  expect(head).toContain('throughput (claimed −13 %)')
  expect(row).toMatch(/^retried +sound +2 +−50 % /)
})
