import { expect, test } from 'vitest'
import { type Comparison, comparisonTable, said } from '../../bench/harness/claims.ts'
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
  expect(said('throughput', changes.map(comparison))).toMatch(new RegExp(`^throughput −13 %: ${verdict}\\. `))
})

test('the words count the comparisons and name the range', () => {
  expect(said('throughput', [-0.13, -0.6].map(comparison))).toContain(
    'in 1 of 2 comparisons; medians: retried −60 % to −13 %.',
  )
})

test('the table has what was said above what was measured', () => {
  const [head, , row] = comparisonTable([comparison(-0.5)]).split('\n')
  expect(head).toContain('throughput (said −13 %)')
  expect(row).toMatch(/^retried +sound +2 +−50 % /)
})
