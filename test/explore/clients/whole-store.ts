/**
 * The whole session manager as one thread uses it, against a reference of all sessions in a small store: the store is soon full,
 * its database refuses, and sessions expire.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Model } from '../../../src/check/index.ts'
import type { OperationsScenario } from '../../../src/scenario.ts'
import { allocateSessionStore } from '../../../src/store/allocate.ts'
import type { Database } from '../../../src/store/database/database.ts'
import { MAX_TEXT_BYTES } from '../../../src/store/session.ts'
import type { NewSession } from '../../../src/store/operations/create-session.ts'
import { SessionManager } from '../../../src/store/manager.ts'
import { SessionStore } from '../../../src/store/store.ts'
import { HOUR } from '../../store/one-session.ts'
import { EXISTS, FULL, NOT_FOUND, idsOfOneHome, resultOf } from '../../store/stores.ts'

const CAPACITY = 2
/** The slots of a store of this capacity. */
const SLOTS = 3
const REFUSED = 'refused'
/** Three ids with one home, of which the store has room for two. Their home is the last slot, so the next one is the first. */
const IDS = idsOfOneHome(3, CAPACITY, SLOTS - 1)

interface Live {
  readonly state: 'live'
  readonly user: string
  accesses: number
  version: number
  authenticated: boolean
  hours: number
  metadata: [key: string, value: string][]
}

/** A session of the reference. Of one that is due for clean-up it knows how many attempts have failed. */
type Entry = Live | { readonly state: 'expired' | 'due' | 'dead letter'; readonly failed: number }

interface Report {
  cleaned: number
  failed: number
  deadLetters: number
}

/** What a sequential session store does, as plain as can be. */
class Reference {
  readonly sessions = new Map<string, Entry>()
  cleanedUp = 0
  failedCleanups = 0

  /** `drops` and `stores` say what the database does. */
  create(id: string, user: string, drops = true, stores = true, more: Partial<Live> = {}): unknown {
    if (this.sessions.get(id)?.state === 'expired') this.cleanOne(id, drops ? Infinity : 3, drops)
    if (this.sessions.has(id)) return EXISTS
    if (this.sessions.size === CAPACITY) return FULL
    if (!stores) return REFUSED
    const metadata: Live['metadata'] = [['k', user]]
    const session = { user, accesses: 0, version: 1, authenticated: true, hours: Infinity, metadata }
    this.sessions.set(id, { state: 'live', ...session, ...more })
    return id
  }

  live(id: string): Live | undefined {
    const entry = this.sessions.get(id)
    return entry?.state === 'live' ? entry : undefined
  }

  /** Makes a change of a live session. */
  change<Output>(id: string, make: (live: Live) => Output): Output | typeof NOT_FOUND {
    const live = this.live(id)
    return live === undefined ? NOT_FOUND : make(live)
  }

  /** Ends a live session. */
  end(id: string, state: 'expired' | 'due'): boolean {
    const was = this.live(id) !== undefined
    if (was) this.sessions.set(id, { state, failed: 0 })
    return was
  }

  cleanOne(id: string, mostAttempts: number, drops: boolean): Report {
    if (drops) {
      this.sessions.delete(id)
      this.cleanedUp++
      return { cleaned: 1, failed: 0, deadLetters: 0 }
    }
    const { state, failed: before } = this.sessions.get(id) as Exclude<Entry, Live>
    const failed = before + 1
    const isLast = failed >= mostAttempts
    this.sessions.set(id, { state: isLast ? 'dead letter' : state, failed })
    this.failedCleanups++
    return { cleaned: 0, failed: 1, deadLetters: Number(isLast) }
  }

  clean(mostAttempts: number, drops: boolean, ids = this.due()): Report {
    const report = { cleaned: 0, failed: 0, deadLetters: 0 }
    for (const id of ids) {
      const { cleaned, failed, deadLetters } = this.cleanOne(id, mostAttempts, drops)
      report.cleaned += cleaned
      report.failed += failed
      report.deadLetters += deadLetters
    }
    return report
  }

  due(): string[] {
    return this.#in('expired', 'due')
  }

  ids(): string[] {
    return this.#in('live')
  }

  stats(): unknown {
    const [activeSessions, cleanupQueueSize, deadLetters] = [this.ids(), this.due(), this.#in('dead letter')].map(
      ({ length }) => length,
    )
    const { failedCleanups, cleanedUp } = this
    return { activeSessions, cleanupQueueSize, deadLetters, failedCleanups, cleanedUp, capacity: CAPACITY }
  }

  takeDeadLetters(): string[] {
    const dead = this.#in('dead letter')
    for (const id of dead) this.sessions.delete(id)
    return dead
  }

  #in(...states: readonly Entry['state'][]): string[] {
    return [...this.sessions]
      .filter(([, { state }]) => states.includes(state))
      .map(([id]) => id)
      .toSorted()
  }
}

function count(live: Live): number {
  live.version++
  return ++live.accesses
}

function put({ metadata }: Live, key: string, value: string): void {
  const found = metadata.find(([each]) => each === key)
  if (found) found[1] = value
  else metadata.push([key, value])
}

/** An operation of the manager, and the same of the reference. */
interface Operation {
  readonly real: (memory: SharedArrayBuffer, id: string) => unknown
  readonly reference: (reference: Reference, id: string) => unknown
}

const refuse = (): never => {
  throw new Error(REFUSED)
}
const row = { fetch: () => undefined, store() {}, delete() {}, close() {} }

function manager(memory: SharedArrayBuffer, database?: Partial<Database>): SessionManager {
  // It waits without end: a wait that can end by itself would add schedules.
  const patience = Infinity
  return new SessionManager(memory, database ? { patience, database: { ...row, ...database } } : { patience })
}

function make(sessions: SessionManager, id: string, user: string, more: NewSession = {}): unknown {
  try {
    return resultOf(() => sessions.createSession(user, 'n', { id, metadata: new Map([['k', user]]), ...more }))
  } catch (thrown) {
    if ((thrown as Error).message === REFUSED) return REFUSED
    throw thrown
  }
}

/** A session as the reference has it. */
function shown(sessions: SessionManager, id: string): unknown {
  const found = sessions.getSession(id)
  if (found === undefined) return undefined
  const { userId: user, accessCount: accesses, version, isAuthenticated: authenticated, expiresAt, metadata } = found
  const hours = Math.round((expiresAt - Date.now()) / HOUR)
  for (const time of [found.lastActivity, found.cacheTime])
    if (Math.abs(time - Date.now()) > HOUR) throw new Error(`${time} is not the present time`)
  return { state: 'live', user, accesses, version, authenticated, hours, metadata: [...metadata] }
}

/** Gets a session until the near cache knows it. */
function know(sessions: SessionManager, id: string): SessionManager {
  for (let ask = 0; ask < 3; ask++) sessions.getSession(id)
  return sessions
}

/** Makes a session expire in this millisecond, as time does. */
function expire(memory: SharedArrayBuffer, id: string): boolean {
  const store = new SessionStore(memory)
  const stamp = store.find(id)
  if (stamp === undefined) return false
  return store.writeIf(stamp, { ...store.get(id)!, expiresAt: Date.now() })
}

const ofOne: Readonly<Record<string, Operation>> = {
  create: { real: (memory, id) => make(manager(memory), id, 'u'), reference: (all, id) => all.create(id, 'u') },
  'create with a row': {
    real: (memory, id) => make(manager(memory, {}), id, 'v', { isAuthenticated: false, timeToLive: HOUR }),
    reference: (all, id) => all.create(id, 'v', true, true, { authenticated: false, hours: 1 }),
  },
  'create without its row': {
    real: (memory, id) => make(manager(memory, { store: refuse }), id, 'w'),
    reference: (all, id) => all.create(id, 'w', true, false),
  },
  'create while rows stay': {
    real: (memory, id) => make(manager(memory, { delete: refuse }), id, 'x'),
    reference: (all, id) => all.create(id, 'x', false),
  },
  get: { real: (memory, id) => shown(manager(memory), id), reference: (all, id) => all.live(id) },
  increment: {
    real: (memory, id) => resultOf(() => manager(memory).incrementAccess(id)),
    reference: (all, id) => all.change(id, count),
  },
  update: {
    real: (memory, id) => resultOf(() => manager(memory).updateSession(id, 'k', 'x')),
    reference: (all, id) =>
      all.change(id, (live) => {
        count(live)
        put(live, 'k', 'x')
      }),
  },
  touch: {
    real: (memory, id) => resultOf(() => manager(memory).touch(id, HOUR)),
    reference: (all, id) => all.change(id, (live) => void (live.hours = 1)),
  },
  change: {
    real: (memory, id) => resultOf(() => manager(memory).changeMetadata(id, (metadata) => void metadata.set('m', 'y'))),
    reference: (all, id) =>
      all.change(id, (live) => {
        live.version++
        put(live, 'm', 'y')
        return true
      }),
  },
  revoke: {
    real: (memory, id) => resultOf(() => manager(memory).revokeAuthentication(id)),
    reference: (all, id) =>
      all.change(id, (live) => {
        live.version++
        live.authenticated = false
      }),
  },
  'increment a known one': {
    real: (memory, id) => know(manager(memory), id).incrementAccesses([id, 'none']),
    reference: (all, id) => [all.live(id) && all.change(id, count), undefined],
  },
  'increment one that was known': {
    real(memory, id) {
      const sessions = know(manager(memory), id)
      sessions.deleteSession(id)
      sessions.runCleanup()
      return [make(sessions, id, 'y'), sessions.incrementAccesses([id]), shown(sessions, id)]
    },
    reference(all, id) {
      all.end(id, 'due')
      all.clean(0, true)
      return [all.create(id, 'y'), [all.live(id) && all.change(id, count)], all.live(id)]
    },
  },
  'get one that was known': {
    real(memory, id) {
      const sessions = know(manager(memory), id)
      return [sessions.deleteSession(id), shown(sessions, id), sessions.incrementAccesses([id])]
    },
    reference: (all, id) => [all.end(id, 'due'), undefined, [undefined]],
  },
  'get one whose slot another has': {
    real(memory, id) {
      const sessions = know(manager(memory), id)
      sessions.deleteSession(id)
      sessions.runCleanup()
      return [make(sessions, IDS[1]!, 'z'), shown(sessions, id)]
    },
    reference(all, id) {
      all.end(id, 'due')
      all.clean(0, true)
      return [all.create(IDS[1]!, 'z'), all.live(id)]
    },
  },
  'increment one whose slot another has': {
    real(memory, id) {
      const sessions = know(manager(memory), id)
      sessions.deleteSession(id)
      sessions.runCleanup()
      return [make(sessions, IDS[1]!, 'z'), sessions.incrementAccesses([id]), shown(sessions, IDS[1]!)]
    },
    reference(all, id) {
      all.end(id, 'due')
      all.clean(0, true)
      return [all.create(IDS[1]!, 'z'), [all.live(id) && all.change(id, count)], all.live(IDS[1]!)]
    },
  },
  'delete, and clean at the second attempt': {
    real(memory, id) {
      const deleted = manager(memory).deleteSession(id)
      const refused = reported(manager(memory, { delete: refuse }).runCleanup())
      return [deleted, refused, manager(memory).runCleanup()]
    },
    reference: (all, id) => [all.end(id, 'due'), all.clean(3, false), all.clean(0, true)],
  },
  delete: { real: (memory, id) => manager(memory).deleteSession(id), reference: (all, id) => all.end(id, 'due') },
  expire: { real: expire, reference: (all, id) => all.end(id, 'expired') },
}

const ofAll: Readonly<Record<string, Operation>> = {
  clean: { real: (memory) => manager(memory).runCleanup(), reference: (all) => all.clean(0, true) },
  'clean while rows stay': {
    real: (memory) => reported(manager(memory, { delete: refuse }).runCleanup()),
    reference: (all) => all.clean(3, false),
  },
  'give up while rows stay': {
    real: (memory) => reported(manager(memory, { delete: refuse }).runCleanup({ mostAttempts: 2 })),
    reference: (all) => all.clean(2, false),
  },
  'take dead letters': {
    real: (memory) => manager(memory).takeDeadLetters().toSorted(),
    reference: (all) => all.takeDeadLetters(),
  },
  ids: { real: (memory) => manager(memory).getIds().toSorted(), reference: (all) => all.ids() },
  stats: {
    real(memory) {
      // How full the store is changes in a step of its own.
      const { used: _, highWaterMark: __, refused: ___, evicted: ____, ...counts } = manager(memory).getStats()
      return counts
    },
    reference: (all) => all.stats(),
  },
  'clean one': {
    real: (memory) => manager(memory).runCleanup({ limit: 1, look: SLOTS }).cleaned,
    // Any of them: the model tries each.
    reference: (all) => all.due().length && 1,
  },
}

function reported({ cleaned, failed, deadLetters }: Report): Report {
  return { cleaned, failed, deadLetters }
}

const all = { ...ofOne, ...ofAll }

const modelFrom = (before: readonly string[]): Model<Reference> => ({
  name: 'session store',
  init() {
    const reference = new Reference()
    for (const id of before) reference.create(id, 'u')
    return reference
  },
  step(before, { f, input, output }) {
    const after = copyOf(before)
    const result = all[f]!.reference(after, input as string)
    if (!isDeepStrictEqual(result, output)) return []
    if (f !== 'clean one' || output === 0) return [after]
    return before.due().map((id) => {
      const each = copyOf(before)
      each.clean(0, true, [id])
      return each
    })
  },
  equal: isDeepStrictEqual,
})

function copyOf(reference: Reference): Reference {
  const copy = new Reference()
  for (const [id, entry] of structuredClone(reference.sessions)) copy.sessions.set(id, entry)
  return Object.assign(copy, { cleanedUp: reference.cleanedUp, failedCleanups: reference.failedCleanups })
}

/** What clients of the whole store have. */
interface Part {
  /** The largest number of calls. */
  readonly calls: number
  /** The names of the operations. Default: all. */
  readonly names?: readonly string[]
  /** The ids. Default: three of one home. */
  readonly of?: readonly string[]
  /** How many of the ids the operations are called with. Default: all. */
  readonly ids?: number
  /** How many of the ids have a session at first. Default: none. */
  readonly before?: number
}

/** Returns the scenario of clients of one thread. */
export function wholeStore({
  calls,
  names = Object.keys(all),
  of = IDS,
  ids = of.length,
  before = 0,
}: Part): OperationsScenario<SharedArrayBuffer> {
  return {
    name: 'whole session store',
    memory: () => allocateSessionStore({ capacity: CAPACITY, metadataBytes: 64, agents: 0 }),
    setup(memory) {
      for (const id of of.slice(0, before)) make(manager(memory), id, 'u')
    },
    operations: Object.fromEntries(names.map((name) => [name, all[name]!.real])),
    // To explore the calls of known sessions takes far longer than all others.
    arguments: Object.fromEntries(
      names.filter((name) => name in ofOne).map((name) => [name, of.slice(0, /known|another/.test(name) ? 1 : ids)]),
    ),
    model: modelFrom(of.slice(0, before)),
    threads: 1,
    calls,
    invariant(memory) {
      const problems = new SessionManager(memory).verify()
      if (problems.length > 0) throw new Error(problems.join('; '))
    },
  }
}

/** Returns the scenario of one thread in a store that is too large for a near cache, with an id of the largest length. */
export function largeStore(): OperationsScenario<SharedArrayBuffer> {
  return {
    ...wholeStore({ calls: 1, names: ['create', 'get', 'increment'], of: ['x'.repeat(MAX_TEXT_BYTES)], before: 1 }),
    memory: () => allocateSessionStore({ capacity: 2 ** 15, metadataBytes: 64, agents: 0 }),
  }
}
