/**
 * Phantom session: a delete takes several steps, and between them the session is neither in the store nor deleted.
 *
 * In the load all workers delete the same sessions in the same order, so that several workers delete a session at the same
 * time. Each worker reads the three counts after each of its deletes. At the end one worker deletes one more session and
 * dies between two steps of the delete, if the variant has steps.
 */
import { makeDatabase, openDatabase, removeDatabase } from '../databases/place.ts'
import type { DatabasePlace } from '../databases/place.ts'
import type { LoadWorker } from '../../stress/load.ts'
import type { LessonLoad, LessonSetting } from './lesson.ts'
import type { SessionStep } from '../variants/watched.ts'
import { scenario } from '../../scenario.ts'
import type { Scenario } from '../../scenario.ts'
import { countSessions } from '../variants/count-sessions.ts'
import type { Counts } from '../variants/count-sessions.ts'
import { createSession } from '../../store/operations/create-session.ts'
import { deleteSession } from '../variants/delete-session.ts'
import { runCleanup } from '../variants/run-cleanup.ts'
import { allocateLabStore } from '../variants/lab-memory.ts'
import type { LabMemory } from '../variants/lab-memory.ts'
import { storeOf } from '../variants/open.ts'
import { LabStore } from '../variants/lab-store.ts'
import type { ThreadLesson, Variant } from './lesson.ts'
import { namedWords, storeRaces } from './named-words.ts'
import { figure } from './metrics.ts'

const variants = [
  { name: 'buggy', sound: false, summary: 'three steps, each under its own lock' },
  { name: 'all-locks', sound: true, summary: 'the same three steps under all three locks, always taken in one order' },
  {
    name: 'check-then-lock',
    sound: false,
    summary: 'the published option 2: looks the session up first, then takes all locks; two deleters both find it',
  },
  {
    name: 'state-machine',
    sound: true,
    summary: 'one compare-and-swap of the session’s control word; every count is derived from control words',
  },
] as const satisfies readonly Variant[]

type Name = (typeof variants)[number]['name']

/** The way to count that belongs to each variant. */
const COUNT_BY = {
  buggy: 'separate-locks',
  'all-locks': 'all-locks',
  'check-then-lock': 'all-locks',
  'state-machine': 'state-machine',
} as const

/** How many sessions are not deleted: the number of active sessions at the end. */
const SURVIVORS = 20

interface Memory {
  readonly store: LabMemory
  readonly database: DatabasePlace
  /**
   * Two words: the number of observations, and of those in which the counts disagreed. In shared memory, because a worker
   * dies.
   */
  readonly observations: Int32Array
}

const MADE = 0
const DISAGREED = 1

const load: LessonLoad<Memory, void> = {
  iterations: 60,
  gap: 'sleep:0.05',
  database: 'sqlite',

  prepare({ iterations, database: kind }) {
    const capacity = iterations + SURVIVORS + 1
    const memory = {
      // In the published variant each deleter that finds a session queues it, so one session may be queued several times.
      store: allocateLabStore({ capacity, metadataBytes: 0, queueCapacity: 128 * capacity }),
      database: makeDatabase(kind, capacity),
      observations: new Int32Array(new SharedArrayBuffer(8)),
    }
    const store = new LabStore(memory.store)
    const database = openDatabase(memory.database)
    for (let number = 0; number < capacity; number++) {
      createSession(store, database, 'u1', 'alice', { id: idOf(number) })
      store.statsLock.writing(() => store.addActive(1))
    }
    database.close()
    return memory
  },

  work(memory, setting, worker) {
    const store = storeOf(worker, memory.store)
    const variant = setting.variant as Name
    worker.start()
    for (let number = 0; number < setting.iterations; number++) {
      worker.operation(() => deleteSession[variant](store, idOf(number), worker.pause))
      observe(store, memory, setting, worker)
    }
    worker.meet()
    if (worker.index === setting.workers - 1) dieDeleting(store, variant, setting, worker)
  },

  judge({ store: shared, database: place, observations }, { variant, iterations }) {
    const store = new LabStore(shared)
    const database = openDatabase(place)
    const { sessions, activeSessions } = countSessions[COUNT_BY[variant as Name]](store)
    const rowsLeft = cleanUp(store, database, variant as Name, iterations)
    database.close()
    const disagreed = Atomics.load(observations, DISAGREED)
    const drift = Math.abs(sessions - activeSessions)
    return {
      expected: sessions,
      actual: activeSessions,
      violations: disagreed + drift + rowsLeft,
      metrics: { observations: Atomics.load(observations, MADE), disagreed, drift, rowsLeft },
    }
  },

  live: {
    what: 'looks at which the counts disagreed',
    watch:
      ({ observations }) =>
      () =>
        Atomics.load(observations, DISAGREED),
  },

  dispose: ({ database }) => removeDatabase(database),
}

function idOf(number: number): string {
  return `session ${number}`
}

/** Reads the three counts, and records whether they agree. */
function observe(
  store: LabStore,
  { observations }: Memory,
  { variant, iterations }: LessonSetting,
  worker: LoadWorker,
): void {
  const counts = countSessions[COUNT_BY[variant as Name]](store)
  const agree = agreed(counts, iterations)
  worker.recorder?.step(COUNT, `${text(counts)}${agree ? '' : DISAGREE}`)
  Atomics.add(observations, MADE, 1)
  if (!agree) Atomics.add(observations, DISAGREED, 1)
}

/** Returns whether the counts agree: every session in the store is active, and every other one is queued once. */
function agreed({ sessions, activeSessions, cleanupQueueSize }: Counts, iterations: number): boolean {
  return sessions === activeSessions && sessions + cleanupQueueSize === iterations + SURVIVORS + 1
}

function text({ sessions, activeSessions, cleanupQueueSize }: Counts): string {
  return `sessions=${sessions} active=${activeSessions} queue=${cleanupQueueSize}`
}

/** Deletes the last session, and dies before the last step of the delete if the variant has steps. */
function dieDeleting(store: LabStore, variant: Name, { iterations }: LessonSetting, worker: LoadWorker): void {
  let pauses = 0
  deleteSession[variant](store, idOf(iterations + SURVIVORS), () => {
    // The session has left the store and the count, but is not queued: its row is never dropped.
    if (++pauses === 2) worker.die()
  })
}

/** Cleans up until nothing is due; returns how many rows are left of sessions that are no longer in the store. */
function cleanUp(
  store: LabStore,
  database: ReturnType<typeof openDatabase>,
  variant: Name,
  iterations: number,
): number {
  const clean = runCleanup[variant === 'state-machine' ? 'dead-letter' : 'buggy']
  while (clean(store, database).cleaned > 0);
  const ids = Array.from({ length: iterations + SURVIVORS + 1 }, (_, number) => idOf(number))
  return ids.filter((id) => !store.has(id) && database.fetch(id) !== undefined).length
}

const COUNT = 'count'
const DISAGREE = ': they disagree'

/** Returns all steps up to the first observation that disagrees, and up to the end of the delete that was under way then. */
function findPhantom(steps: readonly SessionStep[]): readonly SessionStep[] | undefined {
  const shown = steps.filter(
    ({ operation, action }) => operation > 0 && !/^(acquire|release|look up|its own work)/.test(action),
  )
  const at = shown.findIndex(({ action, detail }) => action === COUNT && detail.endsWith(DISAGREE))
  if (at === -1) return undefined
  const observer = shown[at]!.worker
  const end = shown.findIndex(({ action, worker }, index) => index > at && worker !== observer && action === 'queue')
  return shown.slice(0, end === -1 ? at + 1 : end + 1).filter(({ worker }, index) => index <= at || worker !== observer)
}

/** Returns what the store, the stats and the queue held after each step, counted from the beginning of the run. */
function replayed(steps: readonly SessionStep[]): string[] {
  const all = phantomWitness.iterations + SURVIVORS + 1
  const counts = { sessions: all, activeSessions: all, cleanupQueueSize: 0 }
  return steps.map(({ action }) => {
    if (action === 'remove from store') counts.sessions--
    if (action === 'stats') counts.activeSessions--
    if (action === 'queue') counts.cleanupQueueSize++
    return text(counts)
  })
}

const phantomWitness: ThreadLesson['witness'] = {
  variant: 'buggy',
  iterations: 10,
  find: findPhantom,
  detail: ({ detail }) => detail,
  store: replayed,
  tell(steps) {
    const { detail } = steps.find((step) => step.detail.endsWith(DISAGREE))!
    return `Of ${phantomWitness.iterations + SURVIVORS + 1} sessions one thread counted ${detail.replace(DISAGREE, '')}: the three counts disagree.`
  },
}

/**
 * Returns the scenario: both actors delete the only session, one of them counts afterwards, and the observer counts at
 * the end.
 */
function smallestScenario(variant: string): Scenario {
  const remove = deleteSession[variant as Name]
  const count = (store: LabStore): string => {
    const counts = countSessions[COUNT_BY[variant as Name]](store)
    return agreed(counts, -SURVIVORS) ? 'agree' : text(counts)
  }
  return scenario({
    name: 'phantom session',
    memory() {
      const memory = allocateLabStore({ capacity: 2, metadataBytes: 0, queueCapacity: 2 })
      createSession(new LabStore(memory), undefined, 'u1', 'alice', { id: idOf(0) })
      return memory
    },
    actors: {
      alice: (memory) => remove(new LabStore(memory), idOf(0)),
      bob: (memory) => {
        const store = new LabStore(memory)
        remove(store, idOf(0))
        return count(store)
      },
    },
    observe: (memory, { bob }) => `${bob}, then ${count(new LabStore(memory))}`,
    outcomes: {
      'agree, then agree': 'acceptable',
      'sessions=0 active=0 queue=0, then agree': [
        'forbidden',
        'the session has left the store and is not yet queued: it is nowhere',
      ],
      'agree, then sessions=0 active=0 queue=2': ['forbidden', 'one session is queued twice'],
    },
    names: namedWords,
    races: storeRaces,
  })
}

export const phantomSession: ThreadLesson = {
  name: 'phantom-session',
  title: 'Phantom session',
  variants,
  uses: ['gap', 'database'],
  load,
  scenario: smallestScenario,
  history: 'its subject is whether three structures agree, which no answer of an operation shows',
  columns: {
    total: ['active', 'by stats', 'off by'],
    more: [
      { name: 'looks', show: (metrics) => String(figure(metrics, 'observations')) },
      { name: 'disagreed', show: (metrics) => String(figure(metrics, 'disagreed')) },
      { name: 'rows left', show: (metrics) => String(figure(metrics, 'rowsLeft')) },
    ],
    note: () =>
      'active: sessions in the store at the end. by stats: the stats’ count of them. looks: how often the three counts were ' +
      'read. disagreed: looks in which they disagreed. rows left: rows that are never dropped, after a worker died.',
  },
  witness: phantomWitness,
  lesson: {
    story:
      'The licence allows a hundred active users. The dashboard shows 97, the limiter counts 100 and turns customers away, ' +
      'and the store holds 98. The operators cannot say which number is right, and after a week all three have drifted ' +
      'further. The database has rows of sessions that ended long ago, and no clean-up will drop them.',
    timeline: [
      ['', '', 'sessions=10 active=10 queue=41'],
      ['remove the session', '', 'sessions=9 active=10 queue=41'],
      ['', 'count: 9, 10 and 41', 'sessions=9 active=10 queue=41'],
      ['active − 1', '', 'sessions=9 active=9 queue=41'],
      ['(a crash here: the row stays forever)', '', 'sessions=9 active=9 queue=41'],
      ['queue the id', '', 'sessions=9 active=9 queue=42'],
    ],
    noReturn: 2,
    outcome: 'Between the first step and the last, the three counts do not agree on whether the session exists.',
    why:
      'Three structures store the same fact, each under its own lock. Every step keeps its own structure right, but nothing ' +
      'keeps the three consistent with each other.',
    fixes:
      'Take all three locks, always in the same order, and take them for reading the counts too. Or store the fact once: in a ' +
      'control word of each session, which one compare-and-swap moves from ACTIVE to DELETED. Whether a session is active, ' +
      'deleted or waiting for clean-up then follows from that word, so the counts cannot disagree. And a thread cannot die in ' +
      'the middle of one instruction.',
    trap:
      'Looking first and locking afterwards (the published option 2). Two requests end the same session: both find it, and ' +
      'then each takes the locks, subtracts one from the count and queues the id. The count of active sessions falls by two ' +
      'for one session, and soon reaches zero.',
  },
}
