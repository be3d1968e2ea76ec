/**
 * Stale overwrite: a refresh fetches a row from the database, the session changes during the fetch, and the refresh overwrites
 * the new session with the old row.
 *
 * In the load half of the workers are updaters and half are refreshers, over real rows. Each updater changes one session of
 * its own again and again: first the row, then the session in the store, as a write-through cache does. It also changes the
 * row of a second session without changing the store, as another server would. The refreshers refresh all these sessions.
 * Only a refresh can undo an updater's change, because no other worker changes its sessions.
 */
import type { Database, Row } from '../../store/database/database.ts'
import { allocateOneRow, openOneRow } from '../databases/one-row.ts'
import { makeDatabase, openDatabase, removeDatabase } from '../databases/place.ts'
import type { DatabasePlace } from '../databases/place.ts'
import { sumOf } from '../../stress/load.ts'
import type { LoadWorker } from '../../stress/load.ts'
import type { Model } from '../../check/index.ts'
import type { LessonLoad, LessonSetting } from './lesson.ts'
import type { SessionStep } from '../variants/watched.ts'
import { scenario } from '../../scenario.ts'
import type { Scenario } from '../../scenario.ts'
import { createSession } from '../../store/operations/create-session.ts'
import { refreshFromDatabase } from '../variants/refresh-from-database.ts'
import type { Session } from '../../store/session.ts'
import { allocateLabStore } from '../variants/lab-memory.ts'
import type { LabMemory } from '../variants/lab-memory.ts'
import { databaseOf, storeOf } from '../variants/open.ts'
import { LabStore } from '../variants/lab-store.ts'
import { updateSession } from '../variants/update-session.ts'
import type { ThreadLesson, Variant } from './lesson.ts'
import { namedWords, storeRaces } from './named-words.ts'
import { figure } from './metrics.ts'
import { merged, operationsOf, showing } from './witness.ts'
import type { Operation } from './witness.ts'

const variants = [
  {
    name: 'buggy',
    sound: false,
    summary: 'takes the row if cached.version >= remembered: true also when the session has changed',
  },
  {
    name: 'less-than',
    sound: false,
    summary: 'the published hint, < instead of >=: never true, so nothing is ever refreshed',
  },
  { name: 'version-equal', sound: true, summary: 'takes the row only if the version is still the remembered one' },
  { name: 'newer-only', sound: true, summary: 'takes the row only if its version is newer than the session’s' },
  {
    name: 'timestamp',
    sound: false,
    summary: 'takes the row if its timestamp is not older: two writes in one tick look equal',
  },
] as const satisfies readonly Variant[]

type Name = (typeof variants)[number]['name']

interface Memory {
  readonly store: LabMemory
  readonly database: DatabasePlace
}

interface Report {
  readonly updates: number
  /** Updates that were undone when their updater looked the next time. */
  readonly vanished: number
  /** Of those, how many left a session whose version is newer than its data. */
  readonly lying: number
  readonly applied: number
  readonly discarded: number
}

/** The numbers of the operations in a recorded history. The remote session of an updater has the part after its local one. */
const EDIT = 0
const LOOK = 1

/** A session whose edits must not vanish: a look finds the last edit. It starts with edit 0. */
const edited: Model<number> = {
  name: 'edited session',
  init: () => 0,
  step(edit, { f, input, output, unknown }) {
    if (f === 'edit') return [input as number]
    return unknown === true || output === edit ? [edit] : []
  },
  equal: Object.is,
}

const NOTHING: Report = { updates: 0, vanished: 0, lying: 0, applied: 0, discarded: 0 }

const load: LessonLoad<Memory, Report> = {
  iterations: 150,
  // A fetch is slow, and so the gap sleeps.
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
    const total = (name: keyof Report) => sumOf(reports, (each) => each[name])
    let vanished = total('vanished')
    let stale = 0
    for (let worker = 0; worker < workers; worker += 2) {
      if (editOf(store.read(local(worker))) < iterations) vanished++
      // One more refresh while no other worker runs: now the session must equal its row.
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

  lastCalls(memory, { workers }, history) {
    const store = new LabStore(memory.store)
    for (let worker = 0; worker < workers; worker += 2) {
      for (const [part, id] of [local(worker), remote(worker)].entries())
        history.recording({ f: LOOK, part: worker + part, output: editOf }, () => store.read(id))()
    }
  },

  live: {
    what: 'updates that a stale row overwrote',
    watch:
      () =>
      ({ noted: vanished }) =>
        vanished,
  },

  dispose: ({ database }) => removeDatabase(database),
}

/** An updater's part: edits its two sessions, and counts the edits that a refresh undid. */
function update(store: LabStore, database: Database, { iterations }: LessonSetting, worker: LoadWorker): Report {
  const { index } = worker
  const looking = (): Session => store.read(local(index))
  const lookAt = worker.history?.recording<Session>({ f: LOOK, part: index, output: editOf }, looking) ?? looking
  let vanished = 0
  let lying = 0
  for (let edit = 1; edit <= iterations; edit++) {
    worker.operation(() => {
      const found = lookAt()
      if (editOf(found) < edit - 1) {
        vanished++
        worker.note()
        if (found.version > versionOf(editOf(found))) lying++
      }
      // The row first, so that a fetch from now on returns the new edit.
      const writing = (): void => {
        database.store(local(index), rowOf(edit))
        updateSession.cas(store, local(index), 'edit', String(edit))
      }
      const storing = (): void => database.store(remote(index), rowOf(edit))
      const { history } = worker
      ;(history?.recording({ f: EDIT, part: index, input: edit, output: () => 0 }, writing) ?? writing)()
      ;(history?.recording({ f: EDIT, part: index + 1, input: edit, output: () => 0 }, storing) ?? storing)()
    })
    // The gap, as a pause between two edits.
    worker.pause()
  }
  return { ...NOTHING, updates: iterations, vanished, lying }
}

/** A refresher's part: refreshes the updaters' sessions in turn. */
function refresh(store: LabStore, database: Database, setting: LessonSetting, worker: LoadWorker): Report {
  const refreshOne = refreshFromDatabase[setting.variant as Name]
  const outcomes = { applied: 0, discarded: 0, 'no-row': 0 }
  for (let i = 0; i < setting.iterations; i++) {
    // Of three refreshes of an updater, two are of its first session, which a stale row can overwrite, and one of its second.
    const updater = 2 * (i % Math.ceil(setting.workers / 2))
    const id = i % 3 === 2 ? remote(updater) : local(updater)
    outcomes[worker.operation(() => refreshOne(store, database, id, worker.pause))]++
  }
  return { ...NOTHING, applied: outcomes.applied, discarded: outcomes.discarded }
}

/** Returns the id of the session that its updater changes in the row and in the store. */
function local(updater: number): string {
  return `local ${updater}`
}

/** Returns the id of the session of which the updater changes the row only. */
function remote(updater: number): string {
  return `remote ${updater}`
}

/** Returns the row after `edit` edits. */
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

/** Returns the version that the database assigns to an edit: a session begins with version 1. */
function versionOf(edit: number): number {
  return edit + 1
}

function editOf({ metadata }: Pick<Session, 'metadata'>): number {
  return Number(metadata.get('edit'))
}

/** Returns the steps of a refresh that wrote an older edit over one that was written after its fetch. */
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
    if (overwritten) return merged(refreshing, overwritten).filter((step) => isOf(step, written.session!.id))
  }
  return undefined
}

function writeIn({ steps }: Operation): SessionStep | undefined {
  return steps.find(({ action }) => action === 'write')
}

/** Returns whether a step belongs to the session `id`: the updater's work on its other session is left out. */
function isOf({ session, action }: SessionStep, id: string): boolean {
  return session ? session.id === id : action !== 'store row'
}

/** A short id, because every word of a session is one more step for the explorer. */
const EDITED = 'a'
/** An edit with a version far above those of the other edits. */
const AFTERWARDS = 9

function rowDatabase(row: SharedArrayBuffer): Database {
  return openOneRow(row, (version) => ({ ...rowOf(version - 1).data, userId: '', username: '' }))
}

/** Stores the row first and then changes the session, as a write-through cache does. */
function edit(store: LabStore, database: Database): void {
  database.store(EDITED, rowOf(1))
  updateSession.cas(store, EDITED, 'edit', '1')
}

/**
 * Returns the scenario: one edit and one refresh of one session. At the end the row alone is changed, and a refresh must
 * take it.
 */
function smallestScenario(variant: string): Scenario {
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
      'edit lost, refreshed': ['forbidden', 'the refresh overwrote the edit with an older row'],
      'edited, never refreshed': ['forbidden', 'a refresh never takes a row that changed in the database'],
    },
    names: ({ store, row }) => ({ ...namedWords(store), row: [new Int32Array(row), 0] }),
    races: storeRaces,
  })
}

export const staleOverwrite: ThreadLesson = {
  name: 'stale-overwrite',
  title: 'Stale overwrite',
  variants,
  uses: ['gap', 'database'],
  load,
  scenario: smallestScenario,
  history: {
    model: edited,
    part: (part) => (part % 2 === 0 ? local(part) : remote(part - 1)),
    operation: ({ f, input, output }) => (f === EDIT ? { f: 'edit', input } : { f: 'look', output }),
  },
  columns: {
    total: ['updates', 'kept', 'lost'],
    more: [
      { name: 'lying', show: (metrics) => String(figure(metrics, 'lying')) },
      { name: 'applied', show: (metrics) => String(figure(metrics, 'applied')) },
      { name: 'discarded', show: (metrics) => String(figure(metrics, 'discarded')) },
      { name: 'stale', show: (metrics) => String(figure(metrics, 'stale')) },
    ],
    note: () =>
      'lying: lost updates that left a session whose version is newer than its data. applied, discarded: refreshes that took ' +
      'the row, and that did not. stale: sessions that differ from their row even after a last refresh without other threads.',
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
      return `Edit ${newer} was written, then overwritten by edit ${older}. Version ${last.session!.version} now holds data that is older than it says.`
    },
  },
  lesson: {
    story:
      'A user changes her delivery address. At the same time a background refresh updates her session from the database. It ' +
      'fetched the row just before the change. The change is confirmed, and then the refresh writes the row that it fetched. ' +
      'The user sees the old address again, and the session’s version says that this is the latest.',
    timeline: [
      ['', '', 'version=5 edit=old'],
      ['refresh: remember version 5', '', 'version=5 edit=old'],
      ['fetch the row: old', '', 'version=5 edit=old'],
      ['', 'update: edit=new, version 6', 'version=6 edit=new'],
      ['check: 6 >= 5? yes', '', 'version=6 edit=new'],
      ['write edit=old, keep version 6', '', 'version=6 edit=old'],
    ],
    noReturn: 3,
    outcome: 'Version 6 holds the data of version 5, and nothing in the session shows it.',
    why:
      'A version that was remembered before a slow fetch tells whether the session has changed since. The check must take the ' +
      'row only if the session has not changed. This check also takes it when the version has grown, and that is the one case ' +
      'in which the row is stale.',
    fixes:
      'Take the row only if the session still has the remembered version, and give the session a new version. Or take it only ' +
      'if the row’s own version is newer than the session’s. The first way needs versions that are never used twice, the ' +
      'second needs a database that assigns them. In both ways the decision and the write must be one step.',
    trap:
      'Changing >= to <, as is often suggested. Versions only grow, so cached < remembered is never true: nothing is ' +
      'overwritten, because nothing is ever refreshed. Comparing timestamps does not hold either: two writes in one tick of ' +
      'the clock have equal times, so the older one passes for new.',
  },
}
