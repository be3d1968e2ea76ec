/** Contests as text. */
import { whole } from '../../src/terminal/figures.ts'
import { textTable } from '../../src/terminal/text-table.ts'
import type { AllContests } from './all-contests.ts'
import type { Role } from '../peers/implementation.ts'
import type { Contest, Row } from './contest.ts'

export function showContests({ contests, skipped }: AllContests): string {
  const out = skipped.map(({ implementation, reason }) => `${implementation} is left out: ${reason}`)
  return [...contests.map(showContest), ...out].join('\n\n')
}

/** Returns the spread of each rate that was measured; a competitor that failed has none. */
export function spreadsOfContests({ contests }: AllContests): number[] {
  const measured = contests.flatMap(({ rows }) => rows.filter(({ opsPerSecond }) => opsPerSecond > 0))
  return measured.map(({ spread }) => spread)
}

function showContest({ operation, sessions, threads, rows, ratioToBestPeer }: Contest): string {
  const ours = rows.find(({ role }) => role === 'ours')?.opsPerSecond ?? 0
  const head = `${operation}: ${whole(sessions)} sessions, ${threads} threads`
  const ratio = ratioToBestPeer === null ? '' : `; racelab is ${ratioToBestPeer} × as fast as the fastest correct peer`
  const table = textTable(
    [
      { name: 'implementation' },
      { name: 'version' },
      { name: 'operations/s', right: true },
      { name: 'racelab is', right: true },
      { name: 'total' },
      { name: '' },
    ],
    rows.map((row) => cells(row, ours)),
  )
  return `${head}${ratio}\n\n${table}`
}

const PREFIX: { readonly [Each in Role]: string } = { ours: '', peer: '', beside: 'beside: ', ceiling: 'ceiling: ' }

function cells({ implementation, role, version, opsPerSecond, spread, correct, note }: Row, ours: number): string[] {
  return [
    implementation,
    version,
    `${whole(opsPerSecond)} ±${Math.round(100 * spread)}%`,
    opsPerSecond === 0 ? '' : `${(ours / opsPerSecond).toFixed(2)} ×`,
    correct ? 'right' : 'WRONG',
    PREFIX[role] + note,
  ]
}
