/**
 * Session fixation: the id of a session whose deletion is under way can be used again. The session has left the store, so any
 * caller may create a session with its id. The deletion goes on, so its clean-up drops the new session's row.
 *
 * In each round one worker deletes a session and then cleans up, while the other workers try to create a session with the
 * same id, until one of them succeeds. There are two kinds of violation: a creation that finds the old row in the database
 * took an id that was not free; a session that is live at the end without a row lost it to the clean-up of the old session.
 */
import { sumOf } from '../../stress/load.ts'
import type { Database, RowData } from '../../store/database/database.ts'
import { allocateOneRow, openOneRow } from '../databases/one-row.ts'
import { makeDatabase, openDatabase, removeDatabase } from '../databases/place.ts'
import type { DatabasePlace } from '../databases/place.ts'
import type { LessonLoad } from './lesson.ts'
import type { SessionStep } from '../variants/watched.ts'
import { scenario } from '../../scenario.ts'
import type { Scenario } from '../../scenario.ts'
import { createSession } from '../../store/operations/create-session.ts'
import { deleteSession } from '../variants/delete-session.ts'
import { SessionExistsError } from '../../store/errors.ts'
import { runCleanup } from '../variants/run-cleanup.ts'
import { allocateLabStore } from '../variants/lab-memory.ts'
import type { LabMemory } from '../variants/lab-memory.ts'
import { databaseOf, storeOf } from '../variants/open.ts'
import { LabStore } from '../variants/lab-store.ts'
import type { ThreadLesson, Variant } from './lesson.ts'
import { namedWords, storeRaces } from './named-words.ts'
import { figure } from './metrics.ts'

const variants = [
  {
    name: 'buggy',
    sound: false,
    summary: 'a deleted id is free at once; its clean-up comes later, and finds the row by the id',
  },
  {
    name: 'sound',
    sound: true,
    summary: 'each session has one state: its id is refused until the clean-up has dropped its row',
  },
] as const satisfies readonly Variant[]

const forms = {
  buggy: { remove: deleteSession.buggy, cleanUp: runCleanup.buggy },
  sound: { remove: deleteSession['state-machine'], cleanUp: runCleanup['dead-letter'] },
}

interface Memory {
  readonly store: LabMemory
  readonly database: DatabasePlace
  /** One word: the number of rounds in which the id has been created again. */
  readonly taken: SharedArrayBuffer
}

interface Report {
  readonly created: number
  /** Of those, how many found the old session's row in the database. */
  readonly tooEarly: number
  readonly refused: number
}

const DELETER = 0

const load: LessonLoad<Memory, Report> = {
  iterations: 30,
  gap: 'sleep:0.05',
  database: 'memory',

  prepare({ workers, iterations, database: kind }) {
    const memory = {
      // An attempt to create a session takes a slot while it lasts.
      store: allocateLabStore({
        capacity: iterations + workers,
        metadataBytes: 64,
        queueCapacity: iterations + workers,
      }),
      database: makeDatabase(kind, iterations),
      taken: new SharedArrayBuffer(4),
    }
    const store = new LabStore(memory.store)
    const database = openDatabase(memory.database)
    for (let round = 0; round < iterations; round++) createFor('alice', store, database, idOf(round))
    database.close()
    return memory
  },

  work(memory, { variant, iterations }, worker) {
    const store = storeOf(worker, memory.store)
    const taken = new Int32Array(memory.taken)
    const { remove, cleanUp } = forms[variant as keyof typeof forms]
    const report = { created: 0, tooEarly: 0, refused: 0 }
    const database = noticing(databaseOf(worker, memory.database), () => {
      report.tooEarly++
      worker.note()
    })
    worker.start()
    for (let round = 0; round < iterations; round++) {
      const id = idOf(round)
      worker.meet()
      if (worker.index === DELETER) {
        worker.operation(() => {
          remove(store, id, worker.pause)
          cleanUp(store, database)
        })
      }
      while (Atomics.load(taken, 0) <= round) {
        worker.operation(() => {
          if (created('eve', store, database, id)) {
            report.created++
            Atomics.store(taken, 0, round + 1)
            return
          }
          report.refused++
          // A retry at once would only slow the deleter down.
          worker.pause()
        })
      }
    }
    return report
  },

  judge(memory, { iterations }, reports) {
    const total = (name: keyof Report) => sumOf(reports, (each) => each[name])
    const store = new LabStore(memory.store)
    const database = openDatabase(memory.database)
    let rowsLost = 0
    for (let round = 0; round < iterations; round++) {
      if (store.has(idOf(round)) && database.fetch(idOf(round)) === undefined) rowsLost++
    }
    database.close()
    const [created, tooEarly, refused] = [total('created'), total('tooEarly'), total('refused')]
    const metrics = { created, tooEarly, rowsLost, refused, retries: refused }
    return { expected: null, actual: null, violations: tooEarly + rowsLost, metrics }
  },

  live: {
    what: 'ids created again too early',
    watch:
      () =>
      ({ noted: tooEarly }) =>
        tooEarly,
  },

  dispose: ({ database }) => removeDatabase(database),
}

function idOf(round: number): string {
  return `session ${round}`
}

function createFor(owner: string, store: LabStore, database: Database, id: string): void {
  createSession(store, database, owner, owner, { id, metadata: new Map([['owner', owner]]) })
}

/** Creates a session and returns true; false if the id is refused. */
function created(owner: string, store: LabStore, database: Database, id: string): boolean {
  try {
    createFor(owner, store, database, id)
    return true
  } catch (failure) {
    if (failure instanceof SessionExistsError) return false
    throw failure
  }
}

/**
 * Returns the database with a `store` that calls `notice` if the id has a row already. The new session has taken its id by
 * then, so the row belongs to an old session whose id became free before its row was dropped.
 */
function noticing(database: Database, notice: () => void): Database {
  return {
    ...database,
    store(id, row) {
      if (database.fetch(id) !== undefined) notice()
      database.store(id, row)
    },
  }
}

/**
 * Returns the steps of a round in which the id was created again before its deletion queued it, and the clean-up dropped
 * the new row.
 */
function findFixation(steps: readonly SessionStep[]): readonly SessionStep[] | undefined {
  for (const removal of steps.filter(({ action }) => action === 'remove from store')) {
    const id = removal.detail
    const after = steps.filter(({ sequence }) => sequence >= removal.sequence)
    const at = (action: string) => after.findIndex((step) => step.action === action && step.detail === id)
    const [create, queue, drop] = [at('create'), at('queue'), at('drop row')]
    const store = after.findIndex(({ action }) => action === 'store row')
    if (create === -1 || drop === -1 || !(create < queue && store !== -1 && store < create)) continue
    return after.slice(0, drop + 1).filter(({ action, worker }) => {
      // Left out: the locks, since each step holds its own; and the other worker's attempts before it got the id.
      return !/^(?:acquire|release)/.test(action) && (action !== 'its own work' || worker === removal.worker)
    })
  }
  return undefined
}

/** Returns what the store, the database and the clean-up queue hold for the id after each step of such a round. */
function held(steps: readonly SessionStep[]): string[] {
  const state = { session: 'alice', row: 'alice', queue: 'empty' }
  return steps.map(({ action }) => {
    if (action === 'remove from store') state.session = 'none'
    else if (action === 'create') state.session = 'eve'
    else if (action === 'store row') state.row = 'eve'
    else if (action === 'queue') state.queue = 'id'
    else if (action === 'drop row') state.row = 'none'
    return `session=${state.session} row=${state.row} queue=${state.queue}`
  })
}

/** The data of the one row. The scenario only checks whether the row exists. */
const rowData: RowData = {
  userId: '',
  username: '',
  accessCount: 0,
  isAuthenticated: true,
  lastActivity: 0,
  metadata: new Map(),
}

function open(row: SharedArrayBuffer): Database {
  return openOneRow(row, () => rowData)
}

/**
 * Returns the scenario: one actor deletes a session and cleans up, the other creates it again. A live session must have a
 * row.
 */
function smallestScenario(variant: string): Scenario {
  const { remove, cleanUp } = forms[variant as keyof typeof forms]
  return scenario({
    name: 'session fixation',
    memory() {
      // An attempt to create a session takes a slot while it lasts.
      const memory = {
        store: allocateLabStore({ capacity: 2, metadataBytes: 0, queueCapacity: 2 }),
        row: allocateOneRow(),
      }
      createSession(new LabStore(memory.store), open(memory.row), '', '', { id: 'a' })
      return memory
    },
    actors: {
      deleter({ store: shared, row }) {
        const store = new LabStore(shared)
        remove(store, 'a')
        cleanUp(store, open(row))
      },
      creator({ store, row }) {
        try {
          createSession(new LabStore(store), open(row), '', '', { id: 'a' })
          return 'created'
        } catch (failure) {
          if (failure instanceof SessionExistsError) return 'refused'
          throw failure
        }
      },
    },
    observe({ store, row }, { creator }) {
      const live = new LabStore(store).has('a')
      return `${creator}, ${live ? 'live' : 'gone'} ${open(row).fetch('a') ? 'with a row' : 'without a row'}`
    },
    outcomes: {
      'refused, gone without a row': 'acceptable',
      'created, live with a row': 'acceptable',
      'created, live without a row': ['forbidden', 'the clean-up dropped the row of the new session'],
    },
    names: ({ store, row }) => ({ ...namedWords(store), row: [new Int32Array(row), 0] }),
    races: storeRaces,
  })
}

export const sessionFixation: ThreadLesson = {
  name: 'session-fixation',
  title: 'Session fixation',
  variants,
  uses: ['gap', 'database'],
  load,
  scenario: smallestScenario,
  history: 'its subject is one answer to a reader, which the table counts directly',
  columns: {
    more: [
      { name: 'ids reused', show: (metrics) => String(figure(metrics, 'created')) },
      { name: 'too early', show: (metrics) => String(figure(metrics, 'tooEarly')) },
      { name: 'rows lost', show: (metrics) => String(figure(metrics, 'rowsLost')) },
      { name: 'refused', show: (metrics) => String(figure(metrics, 'refused')) },
    ],
    note: () =>
      'too early: ids created again while the old session’s row was still in the database. rows lost: new sessions whose row ' +
      'the clean-up of the old session dropped. refused: attempts that were refused because the id was taken.',
  },
  witness: {
    variant: 'buggy',
    iterations: 10,
    find: findFixation,
    detail: ({ detail }) => detail,
    store: held,
    tell: () =>
      'Eve took the id while the deletion of Alice’s session was under way, and its clean-up dropped Eve’s row.',
  },
  lesson: {
    story:
      'Alice opened a link that Eve sent her, and so logged in under a session id that Eve knows. Now Alice logs out. While ' +
      'her log-out is under way, Eve creates a session with that id. Alice’s browser still sends the id, so whatever she ' +
      'does next, she does in Eve’s session. And that session is broken: the log-out goes on and queues the id, and the ' +
      'clean-up drops the row of Eve’s session.',
    timeline: [
      ['', '', 'session=alice row=alice queue=empty'],
      ['log out: take the id out', '', 'session=none row=alice queue=empty'],
      ['', 'create the id again: it is free', 'session=none row=alice queue=empty'],
      ['', 'store its row, show the session', 'session=eve row=eve queue=empty'],
      ['count one session less', '', 'session=eve row=eve queue=empty'],
      ['queue the id', '', 'session=eve row=eve queue=id'],
      ['clean up: drop the id’s row', '', 'session=eve row=none queue=id'],
    ],
    noReturn: 3,
    outcome: 'One id belonged to two sessions at once, and the session that lives has no row.',
    why:
      'Between the steps of the deletion the id is in a state that the program does not represent: the store does not have ' +
      'it, the database does, and the queue does not yet. Each operation checks one of the three only. And the queue holds an ' +
      'id, not a session: by the time the id is read, it may belong to another session.',
    fixes:
      'Name the state in between, and store it where ids are looked up. Here one word of each session says whether it is ' +
      'active, deleted, being cleaned or free. A deleted session keeps its slot, so that its id is refused ' +
      '(SessionExistsError) until the clean-up has dropped the row; freeing the slot is the clean-up’s last step. Better ' +
      'still, never accept an id from outside: make a new one at each log-in, as createSession does when no id is given.',
    trap:
      'Taking all locks, so that the deletion is one step. The counts then agree, but the id is free as soon as the locks are ' +
      'released, while its row still waits for the clean-up, and the clean-up still finds the row by the id. Refusing ids that ' +
      'are in the queue does not help the variant buggy either: between its first step and its last, the id is neither in the ' +
      'store nor in the queue.',
  },
}
