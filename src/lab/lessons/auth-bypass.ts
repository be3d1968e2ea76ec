/**
 * Authentication bypass: a lost update where the update that is lost is a revocation.
 *
 * In each round the first worker, the administrator, revokes one fresh session, and then sends requests of it. The other
 * workers send requests of the session from the beginning of the round. A request checks whether the session is
 * authenticated; if it is, the request is served and sets a metadata key of the session. Each worker goes on until it has
 * sent three requests after the revocation returned. Each of those must be refused.
 */
import { sumOf } from '../../stress/load.ts'
import type { LoadWorker } from '../../stress/load.ts'
import type { Model } from '../../check/index.ts'
import type { LessonLoad } from './lesson.ts'
import type { SessionStep } from '../variants/watched.ts'
import { scenario } from '../../scenario.ts'
import type { Scenario } from '../../scenario.ts'
import { createSession } from '../../store/operations/create-session.ts'
import { revokeAuthentication } from '../variants/revoke-authentication.ts'
import { allocateLabStore } from '../variants/lab-memory.ts'
import type { LabMemory } from '../variants/lab-memory.ts'
import { storeOf } from '../variants/open.ts'
import { LabStore } from '../variants/lab-store.ts'
import { updateSession } from '../variants/update-session.ts'
import type { UpdateSession } from '../variants/update-session.ts'
import type { ThreadLesson, Variant } from './lesson.ts'
import { namedWords, storeRaces } from './named-words.ts'
import { changesIn, merged, operationsOf, overwrites, showing } from './witness.ts'

const variants = [
  {
    name: 'buggy',
    sound: false,
    summary: 'revocation and requests write back the session that they read, even if it has changed since',
  },
  {
    name: 'sound',
    sound: true,
    summary: 'both use compare-and-swap: no writer writes back a copy that is out of date',
  },
] as const satisfies readonly Variant[]

const forms = {
  buggy: { revoke: revokeAuthentication.buggy, update: updateSession.buggy },
  sound: { revoke: revokeAuthentication.cas, update: updateSession.cas },
}

interface Memory {
  readonly store: LabMemory
  /** One word: the number of rounds in which the revocation has returned. */
  readonly revoked: SharedArrayBuffer
}

/** Counts of a worker's requests that began after the revocation had returned. */
interface Report {
  readonly refused: number
  readonly granted: number
}

type Answer = 'granted' | 'refused'

/** The numbers of the operations in a recorded history. */
const REVOKE = 0
const REQUEST = 1

function isGranted(answer: Answer): number {
  return answer === 'granted' ? 1 : 0
}

/** A session that is authenticated until it is revoked. A request is granted if the session is authenticated. */
const revocable: Model<boolean> = {
  name: 'revocable session',
  init: () => true,
  step(isAuthenticated, { f, output, unknown }) {
    if (f === 'revoke') return [false]
    return unknown === true || (output === 'granted') === isAuthenticated ? [isAuthenticated] : []
  },
  equal: Object.is,
}

const ADMINISTRATOR = 0
/** How many requests each worker sends after the revocation. */
const REQUESTS_AFTER = 3

const load: LessonLoad<Memory, Report> = {
  iterations: 20,
  // Every second update sleeps, so that some request is between its read and its write while the administrator writes.
  gap: 'sleep:0.05/2',
  database: 'memory',

  prepare({ workers, iterations }) {
    // A key and its value take at most 32 bytes.
    const memory = allocateLabStore({ capacity: iterations, metadataBytes: workers * 32 })
    const store = new LabStore(memory)
    for (let round = 0; round < iterations; round++) createSession(store, undefined, 'u1', 'alice', { id: idOf(round) })
    return { store: memory, revoked: new SharedArrayBuffer(4) }
  },

  work(memory, { variant, iterations }, worker) {
    const store = storeOf(worker, memory.store)
    const revoked = new Int32Array(memory.revoked)
    const { revoke, update } = forms[variant as keyof typeof forms]
    const after = { refused: 0, granted: 0 }
    worker.start()
    for (let round = 0; round < iterations; round++) {
      const id = idOf(round)
      const revoking = (): void => {
        revoke(store, id, worker.pause)
        worker.recorder?.step('done', 'the session is revoked')
      }
      const requesting = (): Answer => request(store, id, update, worker)
      const { history } = worker
      const revocation = history?.recording({ f: REVOKE, part: round, output: () => 0 }, revoking) ?? revoking
      const one = history?.recording({ f: REQUEST, part: round, output: isGranted }, requesting) ?? requesting
      worker.meet()
      if (worker.index === ADMINISTRATOR) {
        worker.operation(revocation)
        Atomics.store(revoked, 0, round + 1)
      }
      for (let left = REQUESTS_AFTER; left > 0;) {
        // Read before the request begins: if the session is revoked by now, the request must be refused.
        const isAfter = Atomics.load(revoked, 0) > round
        const answer = worker.operation(one)
        if (!isAfter) continue
        after[answer]++
        if (answer === 'granted') worker.note()
        left--
      }
    }
    return after
  },

  judge(_memory, _setting, reports) {
    const refused = sumOf(reports, (each) => each.refused)
    const granted = sumOf(reports, (each) => each.granted)
    return { expected: refused + granted, actual: refused, violations: granted, metrics: { refused, granted } }
  },

  live: {
    what: 'requests granted after the revocation',
    watch:
      () =>
      ({ noted: granted }) =>
        granted,
  },
}

function idOf(round: number): string {
  return `session ${round}`
}

/** Does a request as a server does: if the session is authenticated, serves it and sets a metadata key of the session. */
function request(store: LabStore, id: string, update: UpdateSession, worker: LoadWorker): Answer {
  if (!store.read(id).isAuthenticated) {
    worker.recorder?.step('refuse', 'not authenticated')
    return 'refused'
  }
  worker.recorder?.step('grant', 'the request is served')
  update(store, id, `last page ${worker.index}`, 'account', worker.pause)
  return 'granted'
}

/** Returns the steps of a revocation, of the request that overwrote it, and of the next request, which was granted. */
function findLostRevocation(steps: readonly SessionStep[]): readonly SessionStep[] | undefined {
  const operations = operationsOf(steps)
  const changes = changesIn(operations)
  for (const revocation of changes) {
    const done = revocation.steps.find(({ action }) => action === 'done')
    const restoring = changes.find((each) => overwrites(each, revocation) && each.write.session!.isAuthenticated)
    if (!done || !restoring) continue
    const from = Math.max(done.sequence, restoring.steps.at(-1)!.sequence)
    const next = operations.find((each) => each.worker === restoring.worker && each.steps[0]!.sequence > from)
    const granted = next?.steps.findIndex(({ action }) => action === 'grant') ?? -1
    if (!next || granted === -1 || next.steps[0]!.session?.id !== revocation.write.session!.id) continue
    // The steps of the last request after its grant do not matter here.
    return merged(revocation, restoring, { ...next, steps: next.steps.slice(0, granted + 1) })
  }
  return undefined
}

/**
 * Returns the scenario: one revocation and one request. The session must be revoked at the end, whether the request was
 * served or not.
 */
function smallestScenario(variant: string): Scenario {
  const { revoke, update } = forms[variant as keyof typeof forms]
  return scenario({
    name: 'authentication bypass',
    memory() {
      const memory = allocateLabStore({ capacity: 1, metadataBytes: 16 })
      createSession(new LabStore(memory), undefined, '', '', { id: 'a' })
      return memory
    },
    actors: {
      administrator: (memory) => revoke(new LabStore(memory), 'a'),
      request(memory) {
        const store = new LabStore(memory)
        if (!store.read('a').isAuthenticated) return 'refused'
        update(store, 'a', '', '')
        return 'served'
      },
    },
    observe(memory, { request }) {
      const { isAuthenticated } = new LabStore(memory).read('a')
      return `${request}, ${isAuthenticated ? 'still authenticated' : 'revoked'}`
    },
    outcomes: {
      'refused, revoked': 'acceptable',
      'served, revoked': ['acceptable', 'the request checked before the revocation was done'],
      'served, still authenticated': ['forbidden', 'the revocation is lost'],
    },
    names: namedWords,
    races: storeRaces,
  })
}

export const authBypass: ThreadLesson = {
  name: 'auth-bypass',
  title: 'Authentication bypass',
  variants,
  uses: ['gap'],
  load,
  scenario: smallestScenario,
  history: {
    model: revocable,
    part: idOf,
    operation: ({ f, output }) =>
      f === REVOKE ? { f: 'revoke' } : { f: 'request', output: output === 1 ? 'granted' : 'refused' },
  },
  columns: {
    total: ['after revocation', 'refused', 'granted'],
    more: [],
    note: () =>
      'after revocation: requests that began after the revocation had returned. Each of them must be refused. granted: those ' +
      'that were not.',
  },
  witness: {
    variant: 'buggy',
    iterations: 10,
    find: findLostRevocation,
    ...showing(({ isAuthenticated }) => `authenticated=${isAuthenticated ? 'yes' : 'no'}`),
    tell: () =>
      'The request wrote back the session that it had read before the revocation, and so the next request was granted.',
  },
  lesson: {
    story:
      'A laptop is stolen. The administrator revokes its session, and the console says "revoked". At that moment the ' +
      'thief’s browser is loading a page. The page’s handler copied the session before the revocation. Now it writes the ' +
      'copy back, with the page’s name added and the session still authenticated. From then on every request is served, and ' +
      'the administrator does not check again, because the console said "revoked".',
    timeline: [
      ['', '', 'authenticated=yes'],
      ['request: authenticated? yes, served', '', 'authenticated=yes'],
      ['read the session; unlock', '', 'authenticated=yes'],
      ['', 'revoke: read the session; unlock', 'authenticated=yes'],
      ['', 'write authenticated=no; unlock', 'authenticated=no'],
      ['', 'answer "revoked"', 'authenticated=no'],
      ['set the last page; write; unlock', '', 'authenticated=yes'],
      ['request: authenticated? yes, served', '', 'authenticated=yes'],
    ],
    noReturn: 4,
    outcome: 'The session was revoked, and its requests are served all the same, for as long as it lives.',
    why:
      'The request changes one field, the page’s name, but it writes the whole session. So it also writes every other field, ' +
      'with the value of an earlier moment. This is a lost update like any other, but the update that is lost is a security ' +
      'decision. An attacker can cause the loss on purpose, by sending many requests.',
    fixes:
      'No writer may write back a field that another writer has changed since. Compare-and-swap refuses such a write: the ' +
      'request reads the session again, sees that it is revoked, and keeps it revoked. One lock over each read and its write ' +
      'holds as well. So does a separate word for "authenticated" that requests never write.',
    trap:
      'Making only the revocation atomic, because it is the update that matters. The revocation is then written correctly, ' +
      'and a request that is not atomic still overwrites it. An update is only as safe as the least careful writer of the ' +
      'same session. Revoking twice only makes the loss less likely.',
  },
}
