/** The session manager as an object with operations on one session, or on two, against the models of these. */
import { isDeepStrictEqual } from 'node:util'
import type { Model } from '../../../src/check/index.ts'
import { incrementAccess } from '../../../src/lab/variants/increment-access.ts'
import { allocateLabStore } from '../../../src/lab/variants/lab-memory.ts'
import { LabStore } from '../../../src/lab/variants/lab-store.ts'
import { sessionWords, storeRaces } from '../../../src/lab/lessons/named-words.ts'
import type { OperationsScenario } from '../../../src/scenario.ts'
import { allocateSessionStore } from '../../../src/store/allocate.ts'
import type { Database } from '../../../src/store/database/database.ts'
import { SessionManager } from '../../../src/store/manager.ts'
import type { Session } from '../../../src/store/session.ts'
import { HOUR, oneSession } from '../../store/one-session.ts'
import type { Live, State, Step } from '../../store/one-session.ts'
import { EXISTS, idsOfOneHome, resultOf } from '../../store/stores.ts'

/** Its home is the last slot of a store with a capacity of one. */
const [ID] = idsOfOneHome(1, 1, 1) as [string]
const METADATA_BYTES = 48
const PAIR_CAPACITY = 3
const specification = oneSession(METADATA_BYTES)

/** What each operation is in the model. */
const steps: Readonly<Record<string, (input: unknown) => Step>> = {
  create: () => ({ do: 'create', names: [ID, '', ''], metadata: [] }),
  createStored: () => ({ do: 'create', names: [ID, '', ''], metadata: [] }),
  get: () => ({ do: 'get' }),
  list: () => ({ do: 'list' }),
  increment: () => ({ do: 'increment' }),
  incrementKnown: () => ({ do: 'increment' }),
  update: (input) => ({ do: 'update', key: 'k', value: String(input) }),
  touch: (input) => ({ do: 'touch', hours: Number(input) }),
  delete: () => ({ do: 'delete' }),
}

const first: Live = { names: [ID, '', ''], accessCount: 0, version: 1, hours: Infinity, metadata: [['k', '0']] }

const model: Model<State> = {
  name: 'session',
  init: () => first,
  step(state, { f, input, output }) {
    // A clean-up finds a session to clean, or changes nothing.
    // Of a creation whose row is refused nothing stays.
    if (f === 'createRefused') return output === (state === 'FREE' ? REFUSED : EXISTS) ? [state] : []
    if (f === 'clean') return output === Number(state === 'DELETED') ? [state === 'DELETED' ? 'FREE' : state] : []
    const outcomes = specification.outcomes(state, steps[f]!(input))
    return outcomes.filter(({ result }) => isDeepStrictEqual(result, output)).map((outcome) => outcome.state)
  },
  equal: isDeepStrictEqual,
}

/** A manager that waits without end: a wait that can end by itself would add schedules. */
function managerOf(memory: SharedArrayBuffer, database?: Database): SessionManager {
  return new SessionManager(memory, { patience: Infinity, ...(database && { database }) })
}

const REFUSED = 'refused'
const ROWS = { fetch: () => undefined, store() {}, delete() {}, close() {} }

const operations: OperationsScenario<SharedArrayBuffer>['operations'] = {
  create: (memory) => resultOf(() => managerOf(memory).createSession('', '', { id: ID })),
  // With a row: the id is taken before the session is visible.
  createStored: (memory) => resultOf(() => managerOf(memory, ROWS).createSession('', '', { id: ID })),
  createRefused(memory) {
    const database = {
      ...ROWS,
      store() {
        throw new Error(REFUSED)
      },
    }
    try {
      return resultOf(() => managerOf(memory, database).createSession('', '', { id: ID }))
    } catch (refusal) {
      return (refusal as Error).message
    }
  },
  list: (memory) => managerOf(memory).getIds().includes(ID),
  get: (memory) => plain(managerOf(memory).getSession(ID)),
  increment: (memory) => resultOf(() => managerOf(memory).incrementAccess(ID)),
  update: (memory, value: string) => resultOf(() => managerOf(memory).updateSession(ID, 'k', value)),
  touch: (memory, hours: number) => resultOf(() => managerOf(memory).touch(ID, hours * HOUR)),
  delete: (memory) => managerOf(memory).deleteSession(ID),
  clean: (memory) => managerOf(memory).runCleanup().cleaned,
}

function isSound(memory: SharedArrayBuffer): void {
  const problems = managerOf(memory).verify()
  if (problems.length > 0) throw new Error(problems.join('; '))
}

/** Returns a session as the model represents it. */
function plain(session: Session | undefined): Live | undefined {
  if (session === undefined) return undefined
  const { id, userId, username, accessCount, version, isAuthenticated, expiresAt, metadata } = session
  // No operation here changes it.
  if (!isAuthenticated) throw new Error('the session is not authenticated')
  const hours = Math.round((expiresAt - Date.now()) / HOUR)
  return { names: [id, userId, username], accessCount, version, hours, metadata: [...metadata] }
}

/** Counts an access with the variant of the lab that loses some. */
export function brokenIncrement(memory: SharedArrayBuffer): unknown {
  const { extras, queueCapacity } = allocateLabStore({ capacity: 1 })
  return incrementAccess.buggy(new LabStore({ sessions: memory, extras, queueCapacity }), ID, () => {})
}

/** All but the one that refuses a row: while it has the id, another creation finds the id taken, and no order explains that. */
const ALL: readonly string[] = Object.keys(operations).filter((name) => name !== 'createRefused')

/**
 * Returns the scenario of these operations, one call a thread, on a store with one session. With a capacity of one, a creation
 * finds the store full while a clean-up gives back what it has freed.
 */
export function sessionOperations(names = ALL, capacity = 1): OperationsScenario<SharedArrayBuffer> {
  const given: Record<string, readonly unknown[]> = { update: ['x'], touch: [1] }
  return {
    name: 'session manager',
    memory: () => allocateSessionStore({ capacity, metadataBytes: METADATA_BYTES, agents: 0 }),
    setup: (memory: SharedArrayBuffer) =>
      void managerOf(memory).createSession('', '', { id: ID, metadata: new Map([['k', '0']]) }),
    operations: Object.fromEntries(names.map((name) => [name, operations[name]!])),
    arguments: Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name))),
    model,
    calls: 1,
    invariant: isSound,
    names: (memory: SharedArrayBuffer) => sessionWords(memory),
    races: storeRaces,
  }
}

const [NEAR, FAR] = idsOfOneHome(2, PAIR_CAPACITY) as [string, string]

/** Whether each of two ids has a session. */
type Pair = readonly [near: boolean, far: boolean]

/** Two ids that are looked for from the same slot on. At first, that slot is free, and the second id has a session further on. */
const pair: Model<Pair> = {
  name: 'two sessions',
  init: () => [false, true],
  step(state, { f, input, output }) {
    const at = input === NEAR ? 0 : 1
    const present = state[at]
    const result = f === 'create' ? (present ? EXISTS : input) : present
    if (result !== output) return []
    if (f === 'get') return [state]
    const after = f === 'create'
    return [at === 0 ? [after, state[1]] : [state[0], after]]
  },
  equal: isDeepStrictEqual,
}

/** Returns the scenario of two sessions with one home. */
export function pairOperations(): OperationsScenario<SharedArrayBuffer> {
  return {
    name: 'two sessions of one home',
    memory: () => allocateSessionStore({ capacity: PAIR_CAPACITY, metadataBytes: 0, agents: 0 }),
    setup(memory: SharedArrayBuffer) {
      const sessions = managerOf(memory)
      for (const id of [NEAR, FAR]) sessions.createSession('', '', { id })
      sessions.deleteSession(NEAR)
      sessions.runCleanup()
    },
    operations: {
      create: (memory, id: string) => resultOf(() => managerOf(memory).createSession('', '', { id })),
      get: (memory, id: string) => managerOf(memory).getSession(id) !== undefined,
    },
    arguments: { create: [NEAR, FAR], get: [NEAR, FAR] },
    model: pair,
    calls: 1,
    invariant: isSound,
    names: (memory: SharedArrayBuffer) => sessionWords(memory),
    races: storeRaces,
  }
}

/** Returns the scenario of the first two sessions of one home. */
export function firstPair(): OperationsScenario<SharedArrayBuffer> {
  const { operations, ...scenario } = pairOperations()
  return {
    ...scenario,
    setup: () => {},
    operations: { create: operations['create']! },
    arguments: { create: [NEAR, FAR] },
    model: { ...pair, init: () => [false, false] },
  }
}

/** How many deleted sessions are left, as clean-ups see it that clean one each. */
const due: Model<number> = {
  name: 'sessions to clean up',
  init: () => 2,
  step: (left, { output }) => (output === Math.min(left, 1) ? [left - Math.min(left, 1)] : []),
  equal: Object.is,
}

/** Returns the scenario of clean-ups, each of one session, on a store with two deleted sessions. */
export function cleaningOperations(): OperationsScenario<SharedArrayBuffer> {
  return {
    name: 'two deleted sessions',
    memory: () => allocateSessionStore({ capacity: 2, metadataBytes: 0, agents: 0 }),
    setup(memory: SharedArrayBuffer) {
      const sessions = managerOf(memory)
      for (const id of idsOfOneHome(2, 2, 2)) sessions.deleteSession(sessions.createSession('', '', { id }))
    },
    operations: { clean: (memory) => managerOf(memory).runCleanup({ limit: 1 }).cleaned },
    model: due,
    calls: 1,
    invariant(memory, results) {
      isSound(memory)
      const cleaned = (Object.values(results).flat() as number[]).reduce((sum, each) => sum + each, 0)
      return managerOf(memory).getStats().cleanedUp === cleaned
    },
    names: (memory: SharedArrayBuffer) => sessionWords(memory),
    races: storeRaces,
  }
}

/** Returns the scenario of clean-ups that each look at two of three slots: two of them together look at all. */
export function sharedRound(): OperationsScenario<SharedArrayBuffer> {
  const scenario = cleaningOperations()
  return {
    ...scenario,
    operations: { clean: (memory) => managerOf(memory).runCleanup({ look: 2 }).cleaned },
    model: {
      ...due,
      step: (left, { output }) => ((output as number) <= left ? [left - (output as number)] : []),
    },
    invariant(memory, results) {
      scenario.invariant!(memory, results)
      const calls = Object.values(results).flat() as number[]
      return calls.length < 2 || managerOf(memory).getStats().cleanedUp === 2
    },
  }
}

/** Changes of a session that do not overwrite one another, and whether a session shows each. */
const changes: Readonly<
  Record<string, readonly [make: (sessions: SessionManager) => void, isIn: (live: Live) => boolean]>
> = {
  increment: [(sessions) => void sessions.incrementAccess(ID), ({ accessCount }) => accessCount > 0],
  update: [(sessions) => sessions.updateSession(ID, 'k', 'x'), ({ metadata }) => metadata[0]![1] === 'x'],
  touch: [(sessions) => sessions.touch(ID, HOUR), ({ hours }) => hours === 1],
  change: [
    (sessions) => void sessions.changeMetadata(ID, (metadata) => void metadata.set('m', 'y')),
    ({ metadata }) => metadata.length === 2,
  ],
}

/** Returns the scenario of two changes of one session. No order of the calls tells whether a change is lost that returns nothing. */
export function twoChanges(): OperationsScenario<SharedArrayBuffer> {
  const made = Object.entries(changes).map(([name, [make]]) => [
    name,
    (memory: SharedArrayBuffer): string => {
      make(managerOf(memory))
      return name
    },
  ])
  return {
    ...sessionOperations([]),
    operations: Object.fromEntries(made) as OperationsScenario<SharedArrayBuffer>['operations'],
    callers: Object.fromEntries(Object.keys(changes).map((name) => [name, 1])),
    model: { name: 'any', init: () => 0, step: () => [0], equal: Object.is },
    invariant(memory, results) {
      isSound(memory)
      const live = plain(managerOf(memory).getSession(ID))!
      for (const name of Object.values(results).flat() as string[])
        if (!changes[name]![1](live)) throw new Error(`${name} is lost`)
    },
  }
}

/** Returns the scenario of two accesses, one of them of a session that the near cache knows. */
export function knownSession(): OperationsScenario<SharedArrayBuffer> {
  const { operations, ...scenario } = sessionOperations(['increment'])
  return {
    ...scenario,
    operations: {
      ...operations,
      incrementKnown(memory) {
        const sessions = managerOf(memory)
        // A near cache adds a session that is asked for a second time.
        for (const _ of [1, 2]) sessions.getSession(ID)
        return sessions.incrementAccesses([ID])[0]
      },
    },
    callers: { increment: 1, incrementKnown: 1 },
  }
}

/** Returns the scenario of readers beside a creation whose row is refused: at no moment is there a session. */
export function refusedCreation(): OperationsScenario<SharedArrayBuffer> {
  const scenario = withoutSession(sessionOperations(['createRefused', 'get', 'list']))
  return { ...scenario, callers: { createRefused: 1 }, calls: 2 }
}

/** Returns the scenario of two creations of one id, one with a row and one without, in a store with room for two sessions. */
export function creations(): OperationsScenario<SharedArrayBuffer> {
  const scenario = withoutSession(sessionOperations(['create', 'createStored'], 2))
  return { ...scenario, callers: { create: 1, createStored: 1 } }
}

function withoutSession(scenario: OperationsScenario<SharedArrayBuffer>): OperationsScenario<SharedArrayBuffer> {
  return { ...scenario, setup: () => {}, model: { ...model, init: () => 'FREE' } }
}
