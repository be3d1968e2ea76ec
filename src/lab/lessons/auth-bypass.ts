/**
 * Authentication bypass: what a lost update costs when the update was a revocation.
 *
 * In each round an administrator revokes one fresh session while all other workers do that session's requests: look whether
 * it is authenticated, and if so serve the request and note it in the session. They go on until the revocation is done, and
 * then for a few requests more. A request that began after the revocation had returned must be refused.
 */
import type { LoadWorker } from '../../stress/load.ts'
import type { LessonLoad } from './bug.ts'
import type { SessionStep } from '../variants/watched.ts'
import { type Scenario, scenario } from '../../scenario.ts'
import { createSession } from '../../store/operations/create-session.ts'
import { revokeAuthentication } from '../variants/revoke-authentication.ts'
import { type LabMemory, allocateLabStore } from '../variants/lab-memory.ts'
import { storeOf } from '../variants/open.ts'
import { LabStore } from '../variants/lab-store.ts'
import { type UpdateSession, updateSession } from '../variants/update-session.ts'
import type { Bug, Variant } from './bug.ts'
import { namedWords, storeRaces } from './named-words.ts'
import { changesIn, operationsOf, overwrites, showing, together } from './witness.ts'

const variants = [
  {
    name: 'buggy',
    sound: false,
    summary: 'revocation and requests write back what they read, whatever happened since',
  },
  { name: 'sound', sound: true, summary: 'both are compare-and-swap: nobody writes back a copy that is out of date' },
] as const satisfies readonly Variant[]

const forms = {
  buggy: { revoke: revokeAuthentication.buggy, update: updateSession.buggy },
  sound: { revoke: revokeAuthentication.cas, update: updateSession.cas },
}

interface Memory {
  readonly store: LabMemory
  /** One word: in how many rounds the revocation has returned. */
  readonly revoked: SharedArrayBuffer
}

/** Requests that began after the revocation. */
interface Report {
  readonly refused: number
  readonly granted: number
}

const ADMINISTRATOR = 0
/** How many requests each worker does after the revocation. */
const REQUESTS_AFTER = 3

const load: LessonLoad<Memory, Report> = {
  iterations: 20,
  // Each other update sleeps: while the administrator writes, some request is between its read and its write.
  gap: 'sleep:0.05/2',
  database: 'memory',

  prepare({ workers, iterations }) {
    // A key with its value takes at most 32 bytes.
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
      worker.meet()
      if (worker.index === ADMINISTRATOR) {
        worker.operation(() => {
          revoke(store, id, worker.pause)
          worker.recorder?.step('done', 'the session is revoked')
        })
        Atomics.store(revoked, 0, round + 1)
      }
      for (let left = REQUESTS_AFTER; left > 0;) {
        // Looked at before the request begins: what was revoked by now must be refused.
        const isAfter = Atomics.load(revoked, 0) > round
        const answer = worker.operation(() => request(store, id, update, worker))
        if (!isAfter) continue
        after[answer]++
        left--
      }
    }
    return after
  },

  judge(_memory, _setting, reports) {
    const refused = reports.reduce((sum, each) => sum + each.refused, 0)
    const granted = reports.reduce((sum, each) => sum + each.granted, 0)
    return { expected: refused + granted, actual: refused, violations: granted, metrics: { refused, granted } }
  },
}

function idOf(round: number): string {
  return `session ${round}`
}

/** A request as a server does it: authenticated? Then served, and noted in the session. */
function request(store: LabStore, id: string, update: UpdateSession, worker: LoadWorker): 'granted' | 'refused' {
  if (!store.read(id).isAuthenticated) {
    worker.recorder?.step('refuse', 'not authenticated')
    return 'refused'
  }
  worker.recorder?.step('grant', 'the request is served')
  update(store, id, `last page ${worker.index}`, 'account', worker.pause)
  return 'granted'
}

/** A revocation that a request overwrote, and the next request that was granted for it. */
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
    // What it does once it is granted is beside the point.
    return together(revocation, restoring, { ...next, steps: next.steps.slice(0, granted + 1) })
  }
  return undefined
}

/** One revocation and one request. Served or refused, the session is revoked in the end. */
function smallest(variant: string): Scenario {
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
      'served, revoked': ['acceptable', 'the request looked before the revocation was done'],
      'served, still authenticated': ['forbidden', 'the revocation is gone'],
    },
    names: namedWords,
    races: storeRaces,
  })
}

export const authBypass: Bug = {
  name: 'auth-bypass',
  title: 'Authentication bypass',
  variants,
  uses: ['gap'],
  load,
  scenario: smallest,
  columns: {
    total: ['after revocation', 'refused', 'granted'],
    more: [],
    note: () =>
      'after revocation: requests that began after the revocation had returned. Each of them must be refused.',
  },
  witness: {
    variant: 'buggy',
    iterations: 10,
    find: findLostRevocation,
    ...showing(({ isAuthenticated }) => `authenticated=${isAuthenticated ? 'yes' : 'no'}`),
    tell: () => 'The request wrote back what it had read before the revocation, and so the next one was granted.',
  },
  lesson: {
    story:
      'A laptop is stolen. The administrator revokes its session, and the console says "revoked". The thief’s browser was ' +
      'loading a page at that moment. The page’s handler had copied the session before, and now puts the copy back, with ' +
      'the page’s name in it and the old right beside it. From then on every request is served, and nobody looks again: ' +
      'the console said so.',
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
    outcome: 'Revoked, and served all the same: for as long as the session lives.',
    why:
      'The request changes a page’s name, but it writes a session. Every field that it did not mean to touch is written ' +
      'too, with the value of an earlier moment. It is a lost update like any other; only that what is lost is a decision, ' +
      'and whoever can send requests can lose it on purpose, by sending many.',
    fixes:
      'No writer may put back a field from before somebody else’s change. Compare-and-swap refuses such a write: the ' +
      'request reads again, finds the right gone, and leaves it gone. One lock over each read and its write holds as well. ' +
      'So does keeping the right in a word of its own that requests never write.',
    trap:
      'Making the revocation alone atomic, because it is the one that matters. It will be written correctly, and then be ' +
      'overwritten by a request that is not: an update is as safe as the most careless writer of the same session. Revoking ' +
      'twice only makes it less likely.',
  },
}
