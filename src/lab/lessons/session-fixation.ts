/**
 * Session fixation: an id in a half-deleted state is usable. It is out of the store, so that anybody may create it anew;
 * and its deletion is still under way, so that its clean-up hits whoever did.
 *
 * In each round one worker deletes a session and then cleans up, while all others try to create a session with the same id,
 * until one has it. A creation that finds the old row still there has taken an id that was not free; and a session that is
 * live at the end without a row has lost it to the clean-up of the other.
 */
import type { Database, RowData } from '../../store/database/database.ts'
import { allocateOneRow, openOneRow } from '../databases/one-row.ts'
import { type DatabasePlace, makeDatabase, openDatabase, removeDatabase } from '../../store/database/place.ts'
import type { LessonLoad } from './bug.ts'
import type { SessionStep } from '../variants/watched.ts'
import { type Scenario, scenario } from '../../scenario.ts'
import { createSession } from '../../store/operations/create-session.ts'
import { deleteSession } from '../variants/delete-session.ts'
import { SessionExistsError } from '../../store/errors.ts'
import { runCleanup } from '../variants/run-cleanup.ts'
import { type LabMemory, allocateLabStore } from '../variants/lab-memory.ts'
import { databaseOf, storeOf } from '../variants/open.ts'
import { LabStore } from '../variants/lab-store.ts'
import type { Bug, Variant } from './bug.ts'
import { namedWords, storeRaces } from './named-words.ts'
import { figure } from './metrics.ts'

const variants = [
  {
    name: 'buggy',
    sound: false,
    summary: 'a deleted id is free at once; its clean-up comes later, and goes by the id',
  },
  {
    name: 'sound',
    sound: true,
    summary: 'one state a session: its id is refused until the clean-up has dropped its row',
  },
] as const satisfies readonly Variant[]

const forms = {
  buggy: { remove: deleteSession.buggy, cleanUp: runCleanup.buggy },
  sound: { remove: deleteSession['state-machine'], cleanUp: runCleanup['dead-letter'] },
}

interface Memory {
  readonly store: LabMemory
  readonly database: DatabasePlace
  /** One word: in how many rounds the id has been created anew. */
  readonly taken: SharedArrayBuffer
}

interface Report {
  readonly created: number
  /** Of those, how many while the old session's row was still there. */
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
      // An attempt to create takes a place while it lasts.
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
    const database = noticing(databaseOf(worker, memory.database), () => report.tooEarly++)
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
          // Asking again at once would only keep the deleter from its work.
          worker.pause()
        })
      }
    }
    return report
  },

  judge(memory, { iterations }, reports) {
    const total = (name: keyof Report) => reports.reduce((sum, each) => sum + each[name], 0)
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

  dispose: ({ database }) => removeDatabase(database),
}

function idOf(round: number): string {
  return `session ${round}`
}

function createFor(owner: string, store: LabStore, database: Database, id: string): void {
  createSession(store, database, owner, owner, { id, metadata: new Map([['owner', owner]]) })
}

/** False when the id is refused. */
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
 * The same database, which notices when a row is stored where there is one. By then the session has its id: what is found
 * there was left by a session whose id was given away before its row was dropped.
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

/** A round in which the id was created anew before its deletion had queued it, and the clean-up dropped the new row. */
function findFixation(steps: readonly SessionStep[]): readonly SessionStep[] | undefined {
  for (const removal of steps.filter(({ action }) => action === 'remove from store')) {
    const id = removal.detail
    const after = steps.filter(({ sequence }) => sequence >= removal.sequence)
    const at = (action: string) => after.findIndex((step) => step.action === action && step.detail === id)
    const [create, queue, drop] = [at('create'), at('queue'), at('drop row')]
    const store = after.findIndex(({ action }) => action === 'store row')
    if (create === -1 || drop === -1 || !(create < queue && store !== -1 && store < create)) continue
    return after.slice(0, drop + 1).filter(({ action, worker }) => {
      // Locks are left out: each step holds its own, and that is not enough. So is what the other did before it got the id.
      return !/^(?:acquire|release)/.test(action) && (action !== 'its own work' || worker === removal.worker)
    })
  }
  return undefined
}

/** What the store, the database and the clean-up queue hold of the id, after each step of such a round. */
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

/** What the one row says of its session; whose it is does not matter, only whether it is there. */
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

/** One deletes a session and cleans up, one creates it anew. Whatever comes of it, a live session has a row. */
function smallest(variant: string): Scenario {
  const { remove, cleanUp } = forms[variant as keyof typeof forms]
  return scenario({
    name: 'session fixation',
    memory() {
      // An attempt to create takes a place while it lasts.
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

export const sessionFixation: Bug = {
  name: 'session-fixation',
  title: 'Session fixation',
  variants,
  uses: ['gap', 'database'],
  load,
  scenario: smallest,
  columns: {
    more: [
      { name: 'ids reused', show: (metrics) => String(figure(metrics, 'created')) },
      { name: 'too early', show: (metrics) => String(figure(metrics, 'tooEarly')) },
      { name: 'rows lost', show: (metrics) => String(figure(metrics, 'rowsLost')) },
      { name: 'refused', show: (metrics) => String(figure(metrics, 'refused')) },
    ],
    note: () =>
      'too early: ids created anew while their old session was being deleted, its row still in the database. rows lost: ' +
      'new sessions whose row the old one’s clean-up dropped. refused: attempts that were told that the id is taken.',
  },
  witness: {
    variant: 'buggy',
    iterations: 10,
    find: findFixation,
    detail: ({ detail }) => detail,
    store: held,
    tell: () => 'Eve had the id while Alice’s deletion was under way, and its clean-up has dropped Eve’s row.',
  },
  lesson: {
    story:
      'Alice has opened a link that Eve sent her, and so logged in under a session id that Eve knows. Alice logs ' +
      'out. While her log-out is under way, Eve creates a session with that id. Alice’s browser still sends it: what ' +
      'she does next, she does in Eve’s session. And it is a session that no longer adds up, for the log-out goes on, ' +
      'queues the id, and the clean-up drops a row that was never Alice’s.',
    timeline: [
      ['', '', 'session=alice row=alice queue=empty'],
      ['log out: take the id out', '', 'session=none row=alice queue=empty'],
      ['', 'create the id anew: it is free', 'session=none row=alice queue=empty'],
      ['', 'store its row, show the session', 'session=eve row=eve queue=empty'],
      ['count one session less', '', 'session=eve row=eve queue=empty'],
      ['queue the id', '', 'session=eve row=eve queue=id'],
      ['clean up: drop the id’s row', '', 'session=eve row=none queue=id'],
    ],
    outcome: 'One id was two sessions at once, and the one that lives has no row.',
    why:
      'A deletion of several steps leaves the id in a state that no part of the program has a name for: gone for the store, ' +
      'there for the database, unknown to the queue. Each asks only its own part. And the queue holds an id, not a session: ' +
      'by the time it is read the id may mean another one.',
    fixes:
      'Give the state in between a name, and keep it where ids are looked up. Here one word a session says active, deleted, ' +
      'being cleaned or free; a deleted session keeps its place, so that creating its id is refused (SessionExistsError) ' +
      'until the clean-up has dropped the row and frees the place as its last step. Better still, never take an id from outside: ' +
      'make a new one at each log-in, as createSession does when it is given none.',
    trap:
      'Taking all locks, so that the deletion is one step. Its counts agree ever after; but the id is free as soon as the locks ' +
      'are, while its row still waits for the clean-up, and the clean-up still goes by the id. Refusing ids that stand in the ' +
      'queue does not help the other form either: between its first step and its last, the id is neither in the store nor in the queue.',
  },
}
