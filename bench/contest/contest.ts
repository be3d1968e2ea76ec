/**
 * A contest measures one operation for several competitors. All have the same number of sessions and threads. They are measured
 * in turns.
 */
import { figureOf } from '../harness/figure.ts'
import type { Operation, Role, Setting } from '../peers/implementation.ts'
import type { RunningCompetitor } from './running-competitor.ts'

/** An implementation in a contest, and how to start it. */
export interface Competitor {
  readonly name: string
  readonly role: Role
  readonly version: string
  readonly note: string
  /** Resolves when the competitor has its threads and sessions. */
  start(setting: Setting): Promise<RunningCompetitor>
}

export interface Row {
  readonly implementation: string
  readonly role: Role
  readonly version: string
  /** The median of the finished turns; 0 if the competitor finished none. */
  readonly opsPerSecond: number
  /** Half the distance between the quartiles, divided by the median. */
  readonly spread: number
  /** Whether the competitor's final check found what it expects: no operation was lost, and no read saw half of a write. */
  readonly correct: boolean
  readonly note: string
}

export interface Contest {
  readonly operation: Operation
  readonly sessions: number
  readonly threads: number
  readonly rows: readonly Row[]
  /** The rate of racelab, divided by that of the fastest correct peer; null if racelab or every peer was not correct. See Role. */
  readonly ratioToBestPeer: number | null
}

/** How often and how long the competitors are measured. */
export interface Pace {
  readonly repetitions: number
  /** The time of one turn. */
  readonly milliseconds: number
  readonly onProgress: (doing: string) => void
}

interface CompetitorState {
  readonly competitor: Competitor
  readonly rates: number[]
  running?: RunningCompetitor
  correct: boolean
  failure?: string
}

/** The milliseconds of the first turn, which does not count: V8 optimises code only after it has run for a while. */
const WARM_UP = 250

export async function runContest(setting: Setting, competitors: readonly Competitor[], pace: Pace): Promise<Contest> {
  const all = competitors.map((competitor): CompetitorState => ({ competitor, rates: [], correct: false }))
  const what = `${setting.operation}, ${setting.sessions} sessions`
  try {
    for (const state of all) {
      pace.onProgress(`${what}: ${state.competitor.name} starts`)
      await attempt(state, async () => {
        state.running = await state.competitor.start(setting)
        // After this turn the code is compiled and the sessions are in the caches.
        await state.running.turn(WARM_UP)
      })
    }
    await takeTurns(what, all, pace)
    for (const state of all) await attempt(state, () => check(state))
  } finally {
    for (const { running } of all) await running?.close()
  }
  const rows = all.map(rowOf)
  return { ...setting, rows, ratioToBestPeer: ratioToBestPeer(rows) }
}

/** Every second repetition runs in reverse order, so that no competitor always runs after the same one. */
async function takeTurns(what: string, all: readonly CompetitorState[], pace: Pace): Promise<void> {
  const { repetitions, milliseconds, onProgress } = pace
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const state of repetition % 2 === 1 ? all : all.toReversed()) {
      onProgress(`${what}: ${state.competitor.name} (repetition ${repetition} of ${repetitions})`)
      await attempt(state, async () => void state.rates.push(await state.running!.turn(milliseconds)))
    }
  }
}

async function check(state: CompetitorState): Promise<void> {
  const { expected, found } = await state.running!.check()
  state.correct = expected === found
  if (!state.correct) state.failure = `WRONG: ${found} of ${expected}`
}

/** Does `work` unless this competitor has failed before. A failure ends its part, and the contest goes on. */
async function attempt(state: CompetitorState, work: () => Promise<void>): Promise<void> {
  if (state.failure !== undefined) return
  try {
    await work()
  } catch (failure) {
    state.failure = `FAILED: ${failure instanceof Error ? failure.message : String(failure)}`
  }
}

function rowOf({ competitor, rates, correct, failure }: CompetitorState): Row {
  const { name, role, version, note } = competitor
  const { median: middle, low, high } = rates.length > 0 ? figureOf(rates) : { median: 0, low: 0, high: 0 }
  const spread = middle > 0 ? (high - low) / 2 / middle : 0
  return {
    implementation: name,
    role,
    version,
    opsPerSecond: Math.round(middle),
    spread: Math.round(1000 * spread) / 1000,
    correct,
    note: failure === undefined ? note : `${failure}; ${note}`,
  }
}

function ratioToBestPeer(rows: readonly Row[]): number | null {
  const speeds = (wanted: Role): number[] =>
    rows.filter(({ role, correct }) => role === wanted && correct).map(({ opsPerSecond }) => opsPerSecond)
  const [ours, peers] = [speeds('ours'), speeds('peer')]
  if (ours.length === 0 || peers.length === 0) return null
  return Math.round((100 * ours[0]!) / Math.max(...peers)) / 100
}
