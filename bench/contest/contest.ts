/** One contest: an operation, so many sessions and threads, and entrants that take turns. */
import { figureOf } from '../harness/figure.ts'
import type { Operation, Role, Setting } from '../peers/contestant.ts'
import type { Entrant } from './entrant.ts'

/** Who takes part, and how it enters. */
export interface Entry {
  readonly name: string
  readonly role: Role
  readonly version: string
  readonly note: string
  enter(setting: Setting): Promise<Entrant>
}

export interface Row {
  readonly contestant: string
  readonly role: Role
  readonly version: string
  /** The median of the turns; 0 for one that failed. */
  readonly opsPerSecond: number
  /** Half the distance of the quartiles, over the median. */
  readonly spread: number
  /** Whether its total came out right: nothing lost, nothing torn. */
  readonly correct: boolean
  readonly note: string
}

export interface Contest {
  readonly operation: Operation
  readonly sessions: number
  readonly threads: number
  readonly rows: readonly Row[]
  /** Ours over the fastest correct peer in JavaScript without a flag; null when there is none. */
  readonly ratioToBestPeer: number | null
}

export interface Pace {
  readonly repetitions: number
  /** Of one turn. */
  readonly milliseconds: number
  readonly onProgress: (doing: string) => void
}

interface Standing {
  readonly entry: Entry
  readonly rates: number[]
  entrant?: Entrant
  correct: boolean
  failure?: string
}

/** Milliseconds. Optimised code comes late: a short turn would measure the compiler. */
const WARM_UP = 250

export async function runContest(setting: Setting, entries: readonly Entry[], pace: Pace): Promise<Contest> {
  const all = entries.map((entry): Standing => ({ entry, rates: [], correct: false }))
  const what = `${setting.operation}, ${setting.sessions} sessions`
  try {
    for (const standing of all) {
      pace.onProgress(`${what}: ${standing.entry.name} gets ready`)
      await attempt(standing, async () => {
        standing.entrant = await standing.entry.enter(setting)
        // Compiled and in the caches before it counts.
        await standing.entrant.turn(WARM_UP)
      })
    }
    await takeTurns(what, all, pace)
    for (const standing of all) await attempt(standing, () => check(standing))
  } finally {
    for (const { entrant } of all) await entrant?.close()
  }
  const rows = all.map(rowOf)
  return { ...setting, rows, ratioToBestPeer: ratioToBestPeer(rows) }
}

/** Every other repetition goes backwards, so that none always follows the same one. */
async function takeTurns(what: string, all: readonly Standing[], pace: Pace): Promise<void> {
  const { repetitions, milliseconds, onProgress } = pace
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const standing of repetition % 2 === 1 ? all : all.toReversed()) {
      onProgress(`${what}: ${standing.entry.name} (repetition ${repetition} of ${repetitions})`)
      await attempt(standing, async (entrant) => void standing.rates.push(await entrant.turn(milliseconds)))
    }
  }
}

async function check(standing: Standing): Promise<void> {
  const { expected, found } = await standing.entrant!.check()
  standing.correct = expected === found
  if (!standing.correct) standing.failure = `WRONG: ${found} of ${expected}`
}

/** One that fails is out, and the contest goes on. */
async function attempt(standing: Standing, work: (entrant: Entrant) => Promise<void>): Promise<void> {
  if (standing.failure !== undefined) return
  try {
    await work(standing.entrant!)
  } catch (failure) {
    standing.failure = `FAILED: ${failure instanceof Error ? failure.message : String(failure)}`
  }
}

function rowOf({ entry, rates, correct, failure }: Standing): Row {
  const { name, role, version, note } = entry
  const { median: middle, low, high } = rates.length > 0 ? figureOf(rates) : { median: 0, low: 0, high: 0 }
  const spread = middle > 0 ? (high - low) / 2 / middle : 0
  return {
    contestant: name,
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
