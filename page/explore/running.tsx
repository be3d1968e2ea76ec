/** How far the exploration has come. */
import type { Exploration } from '../../src/explore/search/result.ts'
import { count } from './count.ts'

export function Running({ progress }: { readonly progress: Exploration | undefined }) {
  if (progress === undefined) return <p class="running">Exploring …</p>
  const { schedules, elapsedMs, failures, estimate } = progress
  return (
    <p class="running">
      Exploring … {count(schedules, 'schedule')}
      {estimate === null ? '' : ` of about ${Math.round(estimate).toLocaleString('en-US')}`} in{' '}
      {(elapsedMs / 1000).toFixed(1)} s.
      {failures.length === 0 ? '' : ' One fails: it is made small.'}
    </p>
  )
}
