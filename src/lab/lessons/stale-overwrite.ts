/**
 * Stale overwrite: a refresh from the database fetches a row, the session changes while the row is on its way, and the old row
 * overwrites the new session.
 *
 * The load is updaters against refreshers over real rows. Each updater has a session of its own that it keeps changing: first
 * the row, then the session in the store, as a write-through cache does. It also keeps changing the row of a second session
 * behind the store's back, as another server would. The refreshers refresh all of them. Nobody else touches an updater's
 * sessions, so whatever it finds changed back was changed back by a refresh.
 */
import type { Database, Row } from '../../store/database/database.ts'
import { allocateOneRow, openOneRow } from '../databases/one-row.ts'
import { type DatabasePlace, makeDatabase, openDatabase, removeDatabase } from '../../store/database/place.ts'
import type { LoadWorker } from '../../stress/load.ts'
import type { LessonLoad, LessonSetting } from './bug.ts'
import type { SessionStep } from '../variants/watched.ts'
import { type Scenario, scenario } from '../../scenario.ts'
import { createSession } from '../../store/operations/create-session.ts'
import { refreshFromDatabase } from '../variants/refresh-from-database.ts'
import type { Session } from '../../store/session.ts'
import { type LabMemory, allocateLabStore } from '../variants/lab-memory.ts'
import { databaseOf, storeOf } from '../variants/open.ts'
import { LabStore } from '../variants/lab-store.ts'
import { updateSession } from '../variants/update-session.ts'
import type { Bug, Variant } from './bug.ts'
import { namedWords, storeRaces } from './named-words.ts'
import { figure } from './metrics.ts'
import { type Operation, operationsOf, showing, together } from './witness.ts'

const variants = [
  { name: 'buggy', sound: false, summary: 'takes the row if cached.version >= remembered: above all when it is stale' },
  {
    name: 'less-than',
    sound: false,
    summary: 'the published hint, < for >=: never true, so nothing is ever refreshed',
  },
  { name: 'version-equal', sound: true, summary: 'takes the row only if the version is still the remembered one' },
  { name: 'newer-only', sound: true, summary: 'takes the row only if its version is newer than the session’s' },
  {
    name: 'timestamp',
    sound: false,
    summary: 'takes the row if it was not written earlier: equal ticks look the same',
  },
] as const satisfies readonly Variant[]

type Name = (typeof variants)[number]['name']

interface Memory {
  readonly store: LabMemory
  readonly database: DatabasePlace
}

interface Report {
  readonly updates: number
  /** Updates that were gone again when their updater looked the next time. */
  readonly vanished: number
  /** Of those, in how many the session's version claimed to be newer than the data it held. */
  readonly lying: number
  readonly applied: number
  readonly discarded: number
}

const NOTHING: Report = { updates: 0, vanished: 0, lying: 0, applied: 0, discarded: 0 }

const load: LessonLoad<Memory, Report> = {
  iterations: 150,
  // A fetch takes a while: that is what a cache is for.
  gap: 'sleep:0.05',
  database: 'sqlite',

  prepare({ workers, database: kind }) {
    const memory = {
      store: allocateLabStore({ capacity: 2 * workers, metadataBytes: 64 }),
      database: makeDatabase(kind, 2 * workers),
    }
    const store = new LabStore(memory.store)
    const database = openDatabase(memory.database)
    for (let worker = 0; worker < workers; worker += 2) {
      for (const id of [local(worker), remote(worker)]) {
        createSession(store, database, 'u1', 'alice', { id, metadata: new Map([['edit', '0']]) })
      }
    }
    database.close()
    return memory
  },

  work(memory, setting, worker) {
    const store = storeOf(worker, memory.store)
    const database = databaseOf(worker, memory.database)
    worker.start()
    return worker.index % 2 === 0 ? update(store, database, setting, worker) : refresh(store, database, setting, worker)
  },

  judge(memory, { variant, workers, iterations }, reports) {
    const store = new LabStore(memory.store)
    const database = openDatabase(memory.database)
    const total = (name: keyof Report) => reports.reduce((sum, each) => sum + each[name], 0)
    let vanished = total('vanished')
    let stale = 0
    for (let worker = 0; worker < workers; worker += 2) {
      if (editOf(store.read(local(worker))) < iterations) vanished++
      // One more refresh, with nobody else about: now the session must be its row.
      refreshFromDatabase[variant as Name](store, database, remote(worker))
      if (editOf(store.read(remote(worker))) !== editOf(database.fetch(remote(worker))!.data)) stale++
    }
    database.close()
    return {
      expected: total('updates'),
      actual: total('updates') - vanished,
      violations: vanished + stale,
      metrics: { vanished, lying: total('lying'), applied: total('applied'), discarded: total('discarded'), stale },
    }
  },

  dispose: ({ database }) => removeDatabase(database),
}

function update(store: LabStore, database: Database, { iterations }: LessonSetting, worker: LoadWorker): Report {
  const { index } = worker
  let vanished = 0
  let lying = 0
  for (let edit = 1; edit <= iterations; edit++) {
    worker.operation(() => {
      const found = store.read(local(index))
      if (editOf(found) < edit - 1) {
        vanished++
        if (found.version > versionOf(editOf(found))) lying++
      }
      // The row first: whoever fetches from now on gets what the session is about to be.
      database.store(local(index), rowOf(edit))
      updateSession.cas(store, local(index), 'edit', String(edit))
      database.store(remote(index), rowOf(edit))
    })
    // The user reads for a moment what she has written.
    worker.pause()
  }
  return { ...NOTHING, updates: iterations, vanished, lying }
}

function refresh(store: LabStore, database: Database, setting: LessonSetting, worker: LoadWorker): Report {
  const refreshOne = refreshFromDatabase[setting.variant as Name]
  const outcomes = { applied: 0, discarded: 0, 'no-row': 0 }
  for (let i = 0; i < setting.iterations; i++) {
    // Round all updaters' sessions, two of the kind that can be overwritten for each of the other.
    const updater = 2 * (i % Math.ceil(setting.workers / 2))
    const id = i % 3 === 2 ? remote(updater) : local(updater)
    outcomes[worker.operation(() => refreshOne(store, database, id, worker.pause))]++
  }
  return { ...NOTHING, applied: outcomes.applied, discarded: outcomes.discarded }
}

/** The session that its updater changes in the row and in the store. */
function local(updater: number): string {
  return `local ${updater}`
}

/** The session whose row changes behind the store's back. */
function remote(updater: number): string {
  return `remote ${updater}`
}

/** A row after so many edits. */
function rowOf(edit: number): Row {
  const metadata = new Map([['edit', String(edit)]])
  const data = {
    userId: 'u1',
    username: 'alice',
    accessCount: edit,
    isAuthenticated: true,
    lastActivity: Date.now(),
    metadata,
  }
  return { version: versionOf(edit), data }
}

/** The version that the database gives out for it: a session begins with 1. */
function versionOf(edit: number): number {
  return edit + 1
}

function editOf({ metadata }: Pick<Session, 'metadata'>): number {
  return Number(metadata.get('edit'))
}

/** A refresh that wrote an older edit than an update had written since it fetched. */
function findStaleOverwrite(steps: readonly SessionStep[]): readonly SessionStep[] | undefined {
  const operations = operationsOf(steps)
  for (const refreshing of operations) {
    const fetched = refreshing.steps.find(({ action }) => action === 'fetch row')
    const written = writeIn(refreshing)
    if (!fetched || !written) continue
    const overwritten = operations.find((updating) => {
      const update = updating.worker === refreshing.worker ? undefined : writeIn(updating)
      if (!update || update.session!.id !== written.session!.id) return false
      const between = update.sequence > fetched.sequence && update.sequence < written.sequence
      return between && Number(update.session!.metadata['edit']) > Number(written.session!.metadata['edit'])
    })
    if (overwritten) return together(refreshing, overwritten).filter((step) => isOf(step, written.session!.id))
  }
  return undefined
}

function writeIn({ steps }: Operation): SessionStep | undefined {
  return steps.find(({ action }) => action === 'write')
}

/** The updater's work on its other session is beside the point. */
function isOf({ session, action }: SessionStep, id: string): boolean {
  return session ? session.id === id : action !== 'store row'
}

/** As short as names can be: every word of a session is one more that two can be at. */
const EDITED = 'a'
/** An edit whose version no other edit comes near. */
const AFTERWARDS = 9

function rowDatabase(row: SharedArrayBuffer): Database {
  return openOneRow(row, (version) => ({ ...rowOf(version - 1).data, userId: '', username: '' }))
}

/** The row first, as a write-through cache does. */
function edit(store: LabStore, database: Database): void {
  database.store(EDITED, rowOf(1))
  updateSession.cas(store, EDITED, 'edit', '1')
}

/** One edit and one refresh of one session. Then the row is changed behind the store's back, and a refresh must bring it. */
function smallest(variant: string): Scenario {
  const refreshOne = refreshFromDatabase[variant as Name]
  return scenario({
    name: 'stale overwrite',
    memory() {
      const memory = { store: allocateLabStore({ capacity: 1, metadataBytes: 20 }), row: allocateOneRow() }
      const metadata = new Map([['edit', '0']])
      createSession(new LabStore(memory.store), rowDatabase(memory.row), '', '', { id: EDITED, metadata })
      return memory
    },
    actors: {
      refresher: ({ store, row }) => refreshOne(new LabStore(store), rowDatabase(row), EDITED),
      editor: ({ store, row }) => edit(new LabStore(store), rowDatabase(row)),
    },
    observe(memory) {
      const [store, database] = [new LabStore(memory.store), rowDatabase(memory.row)]
      const edited = editOf(store.read(EDITED)) === 1
      database.store(EDITED, rowOf(AFTERWARDS))
      refreshOne(store, database, EDITED)
      const refreshed = editOf(store.read(EDITED)) === AFTERWARDS
      return `${edited ? 'edited' : 'edit lost'}, ${refreshed ? 'refreshed' : 'never refreshed'}`
    },
    outcomes: {
      'edited, refreshed': 'acceptable',
      'edit lost, refreshed': ['forbidden', 'the refresh put an older row over the edit'],
      'edited, never refreshed': ['forbidden', 'a row that changed behind the cache is never fetched again'],
    },
    names: ({ store, row }) => ({ ...namedWords(store), row: [new Int32Array(row), 0] }),
    races: storeRaces,
  })
}

export const staleOverwrite: Bug = {
  name: 'stale-overwrite',
  title: 'Stale overwrite',
  variants,
  uses: ['gap', 'database'],
  load,
  scenario: smallest,
  columns: {
    total: ['updates', 'kept', 'lost'],
    more: [
      { name: 'lying', show: (metrics) => String(figure(metrics, 'lying')) },
      { name: 'applied', show: (metrics) => String(figure(metrics, 'applied')) },
      { name: 'discarded', show: (metrics) => String(figure(metrics, 'discarded')) },
      { name: 'stale', show: (metrics) => String(figure(metrics, 'stale')) },
    ],
    note: () =>
      'lying: of the lost, sessions whose version claimed newer data than they held. applied, discarded: what became of ' +
      'refreshes. stale: sessions that differ from their row even after a last, undisturbed refresh.',
  },
  witness: {
    variant: 'buggy',
    iterations: 20,
    find: findStaleOverwrite,
    ...showing(({ version, metadata }) => `version=${version} edit=${metadata['edit']}`),
    tell(steps) {
      const [first, last] = [
        steps.find(({ action }) => action === 'write')!,
        steps.findLast(({ action }) => action === 'write')!,
      ]
      const [newer, older] = [first.session!.metadata['edit'], last.session!.metadata['edit']]
      return `Edit ${newer} was written, then overwritten by edit ${older}; and version ${last.session!.version} now claims to be newer than it is.`
    },
  },
  lesson: {
    story:
      'A user changes her delivery address. At the same moment a background refresh brings her session up to date from the ' +
      'database: it fetched the row a moment before the change. The change is confirmed; then the refresh writes what it ' +
      'fetched. She sees the old address again, and the session’s version says that it is the latest.',
    timeline: [
      ['', '', 'version=5 edit=old'],
      ['refresh: remember version 5', '', 'version=5 edit=old'],
      ['fetch the row: old', '', 'version=5 edit=old'],
      ['', 'update: edit=new, version 6', 'version=6 edit=new'],
      ['check: 6 >= 5? yes', '', 'version=6 edit=new'],
      ['write edit=old, keep version 6', '', 'version=6 edit=old'],
    ],
    outcome: 'Version 6 holds the data of version 5, and nothing can tell any more.',
    why:
      'A version that was remembered before a slow fetch says whether the session has changed since. The check must let the ' +
      'row in when it has not; this one lets it in whenever versions have grown, which is the one case to keep it out.',
    fixes:
      'Take the row only if the session still has the remembered version, and give it a new one; or take it only if the row’s ' +
      'own version is newer than the session’s. The first needs versions that are never used twice, the second needs ' +
      'the database to give them out. Either way deciding and writing must be one step.',
    trap:
      'Turning >= into <, as is often suggested. Versions only grow, so cached < remembered is never true: nothing is ever ' +
      'overwritten, because nothing is ever refreshed. And timestamps: two writes in one tick of the clock are equal, and the ' +
      'older one passes for the newer.',
  },
}
