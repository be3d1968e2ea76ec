/** Contests as text. */
import { whole } from '../../src/lab/report/results-table.ts'
import { textTable } from '../../src/terminal/text-table.ts'
import type { AllContests } from './all-contests.ts'
import type { Role } from '../peers/contestant.ts'
import type { Contest, Row } from './contest.ts'

export function showContests({ contests, skipped }: AllContests): string {
  const out = skipped.map(({ contestant, why }) => `${contestant} is left out: ${why}`)
  return [...contests.map(showContest), ...out].join('\n\n')
}

function showContest({ operation, sessions, threads, rows, ratioToBestPeer }: Contest): string {
  const ours = rows.find(({ role }) => role === 'ours')?.opsPerSecond ?? 0
  const head = `${operation}: ${whole(sessions)} sessions, ${threads} threads`
  const ratio = ratioToBestPeer === null ? '' : `; ${ratioToBestPeer} × the fastest correct peer`
  const table = textTable(
    [
      { name: 'contestant' },
      { name: 'version' },
      { name: 'operations/s', right: true },
      { name: 'ours is', right: true },
      { name: 'total' },
      { name: '' },
    ],
    rows.map((row) => cells(row, ours)),
  )
  return `${head}${ratio}\n\n${table}`
}

const ASIDE: { readonly [Each in Role]: string } = { ours: '', peer: '', beside: 'beside: ', ceiling: 'ceiling: ' }

function cells({ contestant, role, version, opsPerSecond, spread, correct, note }: Row, ours: number): string[] {
  return [
    contestant,
    version,
    `${whole(opsPerSecond)} ±${Math.round(100 * spread)}%`,
    opsPerSecond === 0 ? '' : `${(ours / opsPerSecond).toFixed(2)} ×`,
    correct ? 'right' : 'WRONG',
    ASIDE[role] + note,
  ]
}
