/**
 * Cleanup leak: a clean-up keeps every row that it failed to drop in the queue, and tries all of them again in every cycle.
 * The queue grows without limit, and the total work grows with the square of the number of deletes.
 *
 * In the load the workers create and delete sessions, and one cleaner runs a cycle after each twentieth of the deletes, and
 * three more at the end. The database refuses to drop half of the rows, always the same ones. This bug is not a race: it
 * needs no gap, and one worker is enough.
 */
import { failing, failureRate } from '../databases/failing.ts'
import { makeDatabase, removeDatabase } from '../databases/place.ts'
import type { DatabasePlace } from '../databases/place.ts'
import type { Database } from '../../store/database/database.ts'
import { sumOf } from '../../stress/load.ts'
import type { LoadWorker, Metrics } from '../../stress/load.ts'
import type { LessonLoad, LessonSetting } from './lesson.ts'
import type { SessionStep } from '../variants/watched.ts'
import { scenario } from '../../scenario.ts'
import type { Scenario } from '../../scenario.ts'
import { census } from '../../store/operations/census.ts'
import { createSession } from '../../store/operations/create-session.ts'
import { deleteSession } from '../variants/delete-session.ts'
import { runCleanup } from '../variants/run-cleanup.ts'
import type { CleanupReport } from '../../store/operations/run-cleanup.ts'
import { allocateLabStore } from '../variants/lab-memory.ts'
import type { LabMemory } from '../variants/lab-memory.ts'
import { databaseOf, storeOf } from '../variants/open.ts'
import { LabStore } from '../variants/lab-store.ts'
import type { ThreadLesson, Variant } from './lesson.ts'
import { namedWords, storeRaces } from './named-words.ts'
import { figure, series } from './metrics.ts'

const variants = [
  {
    name: 'buggy',
    sound: false,
    summary: 'a row that is refused stays queued forever; every cycle tries all of them again',
  },
  {
    name: 'retry-limit',
    sound: true,
    summary: 'as published: moved to the dead letters after 3 failures, but every delete waits for the cycle',
  },
  {
    name: 'dead-letter',
    sound: true,
    summary: 'a state of the session instead of a queue: linear work, bounded, and no delete waits',
  },
] as const satisfies readonly Variant[]

type Name = (typeof variants)[number]['name']

const DELETE_BY = { buggy: 'buggy', 'retry-limit': 'buggy', 'dead-letter': 'state-machine' } as const
const CYCLES = 20
/** Enough cycles to make a dead letter of a session that was deleted last. */
const LAST_CYCLES = 3
const FAILURE_RATE = 0.5

interface Memory {
  readonly store: LabMemory
  readonly database: DatabasePlace
  /** Three words: how many deletes have begun, how many deletes are done, and how many cycles are done. */
  readonly progress: Int32Array
}

const BEGUN = 0
const DONE = 1
const CYCLED = 2

interface Report {
  /** The longest time that one delete took, in milliseconds. */
  readonly longestStall: number
  readonly cycles: readonly Cycle[]
}

interface Cycle {
  readonly attempts: number
  readonly queueLength: number
}

const load: LessonLoad<Memory, Report> = {
  iterations: 125,
  gap: 'none',
  database: 'sqlite',

  prepare({ workers, iterations, database: kind }) {
    const capacity = workers * iterations
    return {
      store: allocateLabStore({ capacity, metadataBytes: 0, queueCapacity: capacity }),
      database: makeDatabase(kind, capacity),
      progress: new Int32Array(new SharedArrayBuffer(12)),
    }
  },

  work(memory, setting, worker) {
    const store = storeOf(worker, memory.store)
    const database = refusing(databaseOf(worker, memory.database), setting, worker)
    worker.start()
    if (setting.workers === 1) return alone(store, database, memory, setting, worker)
    if (worker.index === 0) return { longestStall: 0, cycles: clean(store, database, memory, setting) }
    return { longestStall: deleteAll(store, database, memory, setting, worker), cycles: [] }
  },

  judge(memory, { workers, iterations, variant }, reports) {
    const store = new LabStore(memory.store)
    const cycles = reports.flatMap((each) => each.cycles)
    const deletes = workers * iterations
    const left = queueLength(store, variant as Name)
    return {
      expected: deletes,
      actual: deletes - left,
      violations: left,
      metrics: {
        deletes,
        left,
        attempts: sumOf(cycles, (each) => each.attempts),
        deadLetters: variant === 'dead-letter' ? census(store).deadLetters : store.deadLetters.length,
        bytesHeld: variant === 'dead-letter' ? left * store.layout.bytesPerSession : store.queue.bytes,
        longestStallMicroseconds: Math.max(...reports.map((each) => each.longestStall)) * 1000,
        queueLengthByCycle: cycles.map((each) => each.queueLength),
        attemptsByCycle: cycles.map((each) => each.attempts),
      },
    }
  },

  live: {
    what: 'deletes that are not settled',
    watch({ store: shared }, { variant }) {
      const store = new LabStore(shared)
      // The queue's length is one word. Without its lock it is as old as this moment, which is what is asked.
      return () => (variant === 'dead-letter' ? census(store).deleted : store.queue.length)
    },
  },

  dispose: ({ database }) => removeDatabase(database),
}

/** Returns a database that refuses to drop the rows of a fixed share of the ids, and records each refusal. */
function refusing(database: Database, { seed }: LessonSetting, worker: LoadWorker): Database {
  const fails = failureRate(FAILURE_RATE, seed)
  return failing(database, (id) => {
    if (fails(id)) worker.recorder?.step(REFUSED, id)
    return fails(id)
  })
}

/** Creates and deletes sessions until all deletes have begun; returns the longest time that one delete took, in milliseconds. */
function deleteAll(
  store: LabStore,
  database: Database,
  memory: Memory,
  setting: LessonSetting,
  worker: LoadWorker,
): number {
  let longest = 0
  for (;;) {
    const took = deleteOne(store, database, memory, setting, worker)
    if (took === undefined) return longest
    longest = Math.max(longest, took)
  }
}

/** Creates and deletes one session. Returns how long the delete took, in milliseconds; undefined if all deletes have begun. */
function deleteOne(
  store: LabStore,
  database: Database,
  { progress }: Memory,
  { workers, iterations, variant }: LessonSetting,
  worker: LoadWorker,
): number | undefined {
  const number = Atomics.add(progress, BEGUN, 1)
  if (number >= workers * iterations) return undefined
  if (workers > 1) waitForCycle(progress, number, workers * iterations)
  const id = createSession(store, database, 'u1', 'alice', { id: `session ${number}` })
  const began = performance.now()
  worker.operation(() => deleteSession[DELETE_BY[variant as Name]](store, id, worker.pause))
  const took = performance.now() - began
  Atomics.add(progress, DONE, 1)
  Atomics.notify(progress, DONE)
  return took
}

/** Runs all cycles of the cleaner: one after each twentieth of the deletes, and the last ones. */
function clean(store: LabStore, database: Database, { progress }: Memory, setting: LessonSetting): Cycle[] {
  const deletes = setting.workers * setting.iterations
  const cycles: Cycle[] = []
  for (let cycle = 1; cycle <= CYCLES; cycle++) {
    waitForAtLeast(progress, DONE, Math.floor((deletes * cycle) / CYCLES))
    cycles.push(cleanOnce(store, database, setting))
    Atomics.add(progress, CYCLED, 1)
    Atomics.notify(progress, CYCLED)
  }
  return [...cycles, ...lastCycles(store, database, setting)]
}

/** Waits until the cleaner is at most one cycle behind, so that the deletes are spread over the cycles. */
function waitForCycle(progress: Int32Array, number: number, deletes: number): void {
  const cycle = Math.floor((number * CYCLES) / deletes)
  waitForAtLeast(progress, CYCLED, cycle - 1)
}

/** Sleeps until the word is at least the value. */
function waitForAtLeast(words: Int32Array, at: number, value: number): void {
  for (let seen = Atomics.load(words, at); seen < value; seen = Atomics.load(words, at)) Atomics.wait(words, at, seen)
}

/** The load of a single worker, which deletes and cleans up in turn. */
function alone(
  store: LabStore,
  database: Database,
  memory: Memory,
  setting: LessonSetting,
  worker: LoadWorker,
): Report {
  const cycles: Cycle[] = []
  let longestStall = 0
  for (let number = 1; number <= setting.iterations; number++) {
    longestStall = Math.max(longestStall, deleteOne(store, database, memory, setting, worker) ?? 0)
    if (number % Math.ceil(setting.iterations / CYCLES) === 0) cycles.push(cleanOnce(store, database, setting))
  }
  return { longestStall, cycles: [...cycles, ...lastCycles(store, database, setting)] }
}

function lastCycles(store: LabStore, database: Database, setting: LessonSetting): Cycle[] {
  return Array.from({ length: LAST_CYCLES }, () => cleanOnce(store, database, setting))
}

function cleanOnce(store: LabStore, database: Database, { variant }: LessonSetting): Cycle {
  // The dead-letter variant limits the work of a cycle. Here the limit is raised, so that a cycle tries every row, as
  // in the other variants.
  const limit = store.layout.capacity
  const { cleaned, failed }: CleanupReport = runCleanup[variant as Name](store, database, { limit, mostAttempts: 3 })
  return { attempts: cleaned + failed, queueLength: queueLength(store, variant as Name) }
}

function queueLength(store: LabStore, variant: Name): number {
  return variant === 'dead-letter' ? census(store).deleted : store.queue.lock.reading(() => store.queue.length)
}

const REFUSED = 'the database refuses to drop the row'

/** Returns the steps of one id that is refused at least four times: its deletion and the first five refusals. */
function findLeak(steps: readonly SessionStep[]): readonly SessionStep[] | undefined {
  const leaked = steps.find(({ action, detail }) => {
    return (
      action === REFUSED && steps.filter((other) => other.action === REFUSED && other.detail === detail).length >= 4
    )
  })
  if (!leaked) return undefined
  const life = steps.filter(({ detail }) => detail === leaked.detail)
  const attempts = life.filter(({ action }) => action === REFUSED)
  return [...life.filter(({ action }) => action !== REFUSED), ...attempts.slice(0, 5)]
}

/** Returns the state of the session after each of the steps. */
function lifeOf(steps: readonly SessionStep[]): string[] {
  let refused = 0
  let state = 'live'
  return steps.map(({ action }) => {
    if (action === 'remove from store') state = 'removed, row left'
    if (action === 'queue') state = 'queued'
    if (action === REFUSED) state = `queued, refused ${++refused} ×`
    return state
  })
}

/** A database that refuses to drop any row. The scenario does not need its rows. */
const REFUSING: Database = failing({ fetch: () => undefined, store() {}, delete() {}, close() {} }, () => true)
const MOST_ATTEMPTS = 2
const STILL_QUEUED = 'a row that the database refuses stays queued, and every cycle tries it again'

/**
 * Returns the scenario: one actor deletes a session whose row the database refuses to drop, and another cleans up at the same
 * time. After two more cycles, the number of attempts, the session must no longer be queued.
 */
function smallestScenario(name: string): Scenario {
  const variant = name as Name
  const clean = (memory: LabMemory) =>
    runCleanup[variant](new LabStore(memory), REFUSING, { mostAttempts: MOST_ATTEMPTS }).failed
  return scenario({
    name: 'cleanup leak',
    memory() {
      const memory = allocateLabStore({ capacity: 1, metadataBytes: 0, queueCapacity: 1 })
      createSession(new LabStore(memory), undefined, '', '', { id: 'a' })
      return memory
    },
    actors: {
      deleter: (memory) => deleteSession[DELETE_BY[variant]](new LabStore(memory), 'a'),
      cleaner: (memory) => clean(memory),
    },
    observe(memory, { cleaner: failed }) {
      let attempts = failed
      for (let cycle = 0; cycle < MOST_ATTEMPTS; cycle++) attempts += clean(memory)
      const left = queueLength(new LabStore(memory), variant)
      return left > 0 ? `tried ${attempts} times, still queued` : `given up after ${attempts} attempts`
    },
    outcomes: {
      [`given up after ${MOST_ATTEMPTS} attempts`]: 'acceptable',
      // The outcome has the number of attempts, so that the schedule that is shown has an attempt of the cleaner in it: a shorter
      // one, in which the cleaner finds nothing to do, has another outcome.
      [`tried ${MOST_ATTEMPTS + 1} times, still queued`]: ['forbidden', STILL_QUEUED],
      [`tried ${MOST_ATTEMPTS} times, still queued`]: ['forbidden', STILL_QUEUED],
    },
    names: namedWords,
    races: storeRaces,
  })
}

export const cleanupLeak: ThreadLesson = {
  name: 'cleanup-leak',
  title: 'Cleanup leak',
  variants,
  uses: ['gap', 'seed', 'database'],
  load,
  scenario: smallestScenario,
  history: 'its subject is what the queue and the database hold in the end, and not the order of answers',
  columns: {
    total: ['deletes', 'settled', 'left'],
    more: [
      { name: 'tries', show: (metrics) => String(figure(metrics, 'attempts')) },
      { name: 'each', show: (metrics) => (figure(metrics, 'attempts') / figure(metrics, 'deletes')).toFixed(1) },
      { name: 'dead', show: (metrics) => String(figure(metrics, 'deadLetters')) },
      { name: 'KB', show: (metrics) => (figure(metrics, 'bytesHeld') / 1024).toFixed(1) },
      { name: 'stall ms', show: (metrics) => (figure(metrics, 'longestStallMicroseconds') / 1000).toFixed(1) },
    ],
    note: (results) =>
      [
        'settled: rows dropped, and dead letters. left: still queued at the end. tries: attempts to drop a row. each: tries ' +
          'per delete. dead: dead letters. KB: memory that the queue holds. stall ms: the longest time that one delete took.',
        '',
        ...results.flatMap(({ variant, metrics }) => history(variant, metrics)),
      ].join('\n'),
  },
  witness: {
    variant: 'buggy',
    iterations: 20,
    find: findLeak,
    detail: ({ detail }) => detail,
    store: lifeOf,
    tell: (steps) => `Every later cycle tries ${steps[0]!.detail} again: it stays queued forever.`,
  },
  lesson: {
    story:
      'A server has run for a month. There are rows that the database refuses to drop, because of a foreign key, a lock or ' +
      'a typo, and the operators have not noticed. Each of these rows stays in the clean-up queue. By now the queue has half ' +
      'a million entries, the cleaner tries each of them every minute, and the process is at its memory limit. A restart ' +
      'helps for another month.',
    timeline: [
      ['delete session 1 … 100', '', 'queue 100'],
      ['', 'clean-up: 50 dropped, 50 refused', 'queue 50'],
      ['delete session 101 … 200', '', 'queue 150'],
      ['', 'clean-up: 50 dropped, 100 refused', 'queue 100'],
      ['delete session 201 … 300', '', 'queue 200'],
      ['', 'clean-up: 50 dropped, 150 refused', 'queue 150'],
    ],
    outcome:
      'After n deletes n/2 rows are queued, and every cycle tries all of them: the work grows with the square of n.',
    why:
      'Success takes an item off the queue; failure leaves it there. No rule ends the attempts, so an item that always fails ' +
      'is tried forever.',
    fixes:
      'Count the attempts. After a few of them make the item a dead letter: the cleaner does not try it again, and an ' +
      'operator can look at it. The variant dead-letter has no queue. Its work is the set of sessions in the state ' +
      '"deleted": the cleaner walks over the slots, takes each deleted session by a compare-and-swap, and holds no lock.',
    trap:
      'The retry limit as it was published. It bounds the queue. But it holds the queue’s lock through the whole cycle, so ' +
      'every delete waits for the database. And it takes items out of the middle of a vector, which is quadratic again.',
  },
}

/** Returns lines with the queue's length and the attempts of some cycles, side by side. */
function history(variant: string, metrics: Metrics): string[] {
  const lengths = series(metrics, 'queueLengthByCycle')
  const attempts = series(metrics, 'attemptsByCycle')
  const shown = [1, 5, 10, 15, 20, lengths.length].filter((cycle) => cycle <= lengths.length)
  const of = (each: readonly number[]) => shown.map((cycle) => each[cycle - 1]!)
  return [
    ...(variant === variants[0].name ? [line('after cycle', shown)] : []),
    line(`${variant}: queue`, of(lengths)),
    line(`${variant}: attempts`, of(attempts)),
  ]
}

function line(name: string, figures: readonly number[]): string {
  return name.padEnd(32) + figures.map((each) => String(each).padStart(6)).join('')
}
