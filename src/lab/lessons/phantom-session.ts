/**
 * Phantom session: deleting takes several steps, and in between the session is neither there nor gone.
 *
 * In the load all workers delete the same sessions in the same order, so that two meet at each; and each looks at the three
 * counts after each of its deletes. At the end one worker deletes one more session and dies on the way, if there is a way.
 */
import { type DatabasePlace, makeDatabase, openDatabase, removeDatabase } from '../../store/database/place.ts'
import type { LoadWorker } from '../../stress/load.ts'
import type { LessonLoad, LessonSetting } from './bug.ts'
import type { SessionStep } from '../variants/watched.ts'
import { type Scenario, scenario } from '../../scenario.ts'
import { type Counts, countSessions } from '../variants/count-sessions.ts'
import { createSession } from '../../store/operations/create-session.ts'
import { deleteSession } from '../variants/delete-session.ts'
import { runCleanup } from '../variants/run-cleanup.ts'
import { type LabMemory, allocateLabStore } from '../variants/lab-memory.ts'
import { storeOf } from '../variants/open.ts'
import { LabStore } from '../variants/lab-store.ts'
import type { Bug, Variant } from './bug.ts'
import { namedWords, storeRaces } from './named-words.ts'
import { figure } from './metrics.ts'

const variants = [
  { name: 'buggy', sound: false, summary: 'three steps, each under its own lock' },
  { name: 'all-locks', sound: true, summary: 'the same three steps under all three locks, always taken in one order' },
  {
    name: 'check-then-lock',
    sound: false,
    summary: 'the published option 2: looked up first, then all locks; two both find it',
  },
  {
    name: 'state-machine',
    sound: true,
    summary: 'one compare-and-swap of the session’s control word; every count follows from it',
  },
] as const satisfies readonly Variant[]

type Name = (typeof variants)[number]['name']

/** Each variant counts in the way that belongs to it, and cleans up so too. */
const COUNT_BY = {
  buggy: 'separate-locks',
  'all-locks': 'all-locks',
  'check-then-lock': 'all-locks',
  'state-machine': 'state-machine',
} as const

/** Sessions that nobody deletes: what active sessions must come down to. */
const SURVIVORS = 20

interface Memory {
  readonly store: LabMemory
  readonly database: DatabasePlace
  /** How many observations there were, and in how many the counts disagreed: shared, for a worker will die. */
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
      // As published, a session that two deleters meet at is queued twice, and by more of them more often.
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

  dispose: ({ database }) => removeDatabase(database),
}

function idOf(number: number): string {
  return `session ${number}`
}

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

/** Active is what is there; and what is not there any more waits for clean-up, once each. */
function agreed({ sessions, activeSessions, cleanupQueueSize }: Counts, iterations: number): boolean {
  return sessions === activeSessions && sessions + cleanupQueueSize === iterations + SURVIVORS + 1
}

function text({ sessions, activeSessions, cleanupQueueSize }: Counts): string {
  return `sessions=${sessions} active=${activeSessions} queue=${cleanupQueueSize}`
}

/** Deletes the last session, and dies before the last of its steps, if it has such steps. */
function dieDeleting(store: LabStore, variant: Name, { iterations }: LessonSetting, worker: LoadWorker): void {
  let pauses = 0
  deleteSession[variant](store, idOf(iterations + SURVIVORS), () => {
    // Between "gone from the store and off the count" and "queued": nobody will ever drop the row.
    if (++pauses === 2) worker.die()
  })
}

/** Cleans up until nothing is due; how many rows there are then of sessions that are gone. */
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

/** Everything up to the first observation that disagrees, and to the end of the delete that it fell into. */
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

/** What the store, the stats and the queue held, replayed from the beginning of the run. */
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

const phantomWitness: Bug['witness'] = {
  variant: 'buggy',
  iterations: 10,
  find: findPhantom,
  detail: ({ detail }) => detail,
  store: replayed,
  tell(steps) {
    const { detail } = steps.find((step) => step.detail.endsWith(DISAGREE))!
    return `Of ${phantomWitness.iterations + SURVIVORS + 1} sessions somebody counted ${detail.replace(DISAGREE, '')}: three answers that do not fit.`
  },
}

/** Both delete the one session there is; then one of them counts, and in the end so does the observer. */
function smallest(variant: string): Scenario {
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
      'sessions=0 active=0 queue=0, then agree': ['forbidden', 'the session is gone and not yet queued: it is nowhere'],
      'agree, then sessions=0 active=0 queue=2': ['forbidden', 'one session is queued twice'],
    },
    names: namedWords,
    races: storeRaces,
  })
}

export const phantomSession: Bug = {
  name: 'phantom-session',
  title: 'Phantom session',
  variants,
  uses: ['gap', 'database'],
  load,
  scenario: smallest,
  columns: {
    total: ['active', 'by stats', 'off by'],
    more: [
      { name: 'looks', show: (metrics) => String(figure(metrics, 'observations')) },
      { name: 'disagreed', show: (metrics) => String(figure(metrics, 'disagreed')) },
      { name: 'rows left', show: (metrics) => String(figure(metrics, 'rowsLeft')) },
    ],
    note: () =>
      'active, by stats: sessions at the end, counted and as the stats say. disagreed: looks at the three counts that did not ' +
      'fit together. rows left: rows that nobody will ever drop, after a worker died on the way.',
  },
  witness: phantomWitness,
  lesson: {
    story:
      'The licence allows a hundred active users. The dashboard says 97, the limiter says 100 and turns customers away, the ' +
      'store holds 98. Nobody can say which is right; after a week of restarts all three have drifted further. In the database ' +
      'are rows of sessions that ended long ago, and nobody is going to drop them.',
    timeline: [
      ['', '', 'sessions=10 active=10 queue=41'],
      ['remove the session', '', 'sessions=9 active=10 queue=41'],
      ['', 'count: 9, 10 and 41', 'sessions=9 active=10 queue=41'],
      ['active − 1', '', 'sessions=9 active=9 queue=41'],
      ['(dies here: the row stays for ever)', '', 'sessions=9 active=9 queue=41'],
      ['queue the id', '', 'sessions=9 active=9 queue=42'],
    ],
    outcome: 'Between the first step and the last the session is in none of the three places, or in two.',
    why:
      'Three structures say one thing, each in its own words and under its own lock. Every step keeps its own structure right; ' +
      'nothing keeps them together.',
    fixes:
      'Take all the locks, in one order that everybody keeps, and take them for looking too. Or keep the fact in one place: a ' +
      'control word for each session, moved from ACTIVE to DELETED by one compare-and-swap. What is active, what is deleted ' +
      'and what waits for clean-up are then questions about that word, and cannot be answered in two ways. No thread can ' +
      'die in the middle of one instruction.',
    trap:
      'Looking first and locking afterwards (the published option 2). Two requests end the same session: both find it, both ' +
      'lock, both count it off and queue it. Active sessions falls by two, and soon reaches nothing.',
  },
}
