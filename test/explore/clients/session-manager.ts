/** The session manager as an object with operations on one session, against the model of one session. */
import { isDeepStrictEqual } from 'node:util'
import type { Model } from '../../../src/check/index.ts'
import { incrementAccess } from '../../../src/lab/variants/increment-access.ts'
import { allocateLabStore } from '../../../src/lab/variants/lab-memory.ts'
import { LabStore } from '../../../src/lab/variants/lab-store.ts'
import { sessionWords, storeRaces } from '../../../src/lab/lessons/named-words.ts'
import type { OperationsScenario } from '../../../src/scenario.ts'
import { allocateSessionStore } from '../../../src/store/allocate.ts'
import { SessionManager } from '../../../src/store/manager.ts'
import type { Session } from '../../../src/store/session.ts'
import { HOUR, oneSession } from '../../store/one-session.ts'
import type { Live, State, Step } from '../../store/one-session.ts'
import { resultOf } from '../../store/stores.ts'

const ID = 'a'
const METADATA_BYTES = 48
const specification = oneSession(METADATA_BYTES)

/** What each operation is in the model. */
const steps: Readonly<Record<string, (input: unknown) => Step>> = {
  create: () => ({ do: 'create', names: [ID, '', ''], metadata: [] }),
  get: () => ({ do: 'get' }),
  increment: () => ({ do: 'increment' }),
  update: (input) => ({ do: 'update', key: 'k', value: String(input) }),
  touch: (input) => ({ do: 'touch', hours: Number(input) }),
  delete: () => ({ do: 'delete' }),
}

const first: Live = { names: [ID, '', ''], accessCount: 0, version: 1, hours: Infinity, metadata: [['k', '0']] }

const model: Model<State> = {
  name: 'session',
  init: () => first,
  step(state, { f, input, output }) {
    const outcomes = specification.outcomes(state, steps[f]!(input))
    return outcomes.filter(({ result }) => isDeepStrictEqual(result, output)).map((outcome) => outcome.state)
  },
  equal: isDeepStrictEqual,
}

const operations: OperationsScenario<SharedArrayBuffer>['operations'] = {
  create: (memory) => resultOf(() => new SessionManager(memory).createSession('', '', { id: ID })),
  get: (memory) => plain(new SessionManager(memory).getSession(ID)),
  increment: (memory) => resultOf(() => new SessionManager(memory).incrementAccess(ID)),
  update: (memory, value: string) => resultOf(() => new SessionManager(memory).updateSession(ID, 'k', value)),
  touch: (memory, hours: number) => resultOf(() => new SessionManager(memory).touch(ID, hours * HOUR)),
  delete: (memory) => new SessionManager(memory).deleteSession(ID),
}

/** Returns a session as the model represents it. */
function plain(session: Session | undefined): Live | undefined {
  if (session === undefined) return undefined
  const { id, userId, username, accessCount, version, expiresAt, metadata } = session
  const hours = Math.round((expiresAt - Date.now()) / HOUR)
  return { names: [id, userId, username], accessCount, version, hours, metadata: [...metadata] }
}

/** Counts an access with the variant of the lab that loses some. */
export function brokenIncrement(memory: SharedArrayBuffer): unknown {
  const { extras, queueCapacity } = allocateLabStore({ capacity: 1 })
  return incrementAccess.buggy(new LabStore({ sessions: memory, extras, queueCapacity }), ID, () => {})
}

/** Returns the scenario of these operations, one call a thread, on a store with one session. */
export function sessionOperations(names: readonly string[]): OperationsScenario<SharedArrayBuffer> {
  const given: Record<string, readonly unknown[]> = { update: ['x'], touch: [1] }
  return {
    name: 'session manager',
    memory: () => allocateSessionStore({ capacity: 1, metadataBytes: METADATA_BYTES }),
    setup: (memory: SharedArrayBuffer) =>
      void new SessionManager(memory).createSession('', '', { id: ID, metadata: new Map([['k', '0']]) }),
    operations: Object.fromEntries(names.map((name) => [name, operations[name]!])),
    arguments: Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name))),
    model,
    calls: 1,
    invariant(memory: SharedArrayBuffer) {
      const problems = new SessionManager(memory).verify()
      if (problems.length > 0) throw new Error(problems.join('; '))
    },
    names: (memory: SharedArrayBuffer) => sessionWords(memory),
    races: storeRaces,
  }
}
