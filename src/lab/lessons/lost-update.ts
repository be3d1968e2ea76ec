/**
 * Lost update: two threads read the same value, both compute from it, both write; one change is gone.
 *
 * The load does what both seeds measured: every worker increments one session's access count, then every worker sets a few
 * metadata keys of its own. Every increment and every key must arrive.
 */
import type { LessonLoad } from './bug.ts'
import { type Scenario, scenario } from '../../scenario.ts'
import { createSession } from '../../store/operations/create-session.ts'
import { incrementAccess } from '../variants/increment-access.ts'
import { type LabMemory, allocateLabStore } from '../variants/lab-memory.ts'
import { storeOf } from '../variants/open.ts'
import { LabStore } from '../variants/lab-store.ts'
import { updateSession } from '../variants/update-session.ts'
import type { Bug, Variant } from './bug.ts'
import { namedWords, storeRaces } from './named-words.ts'
import { figure } from './metrics.ts'
import { countIn, findLostCount, showing } from './witness.ts'

const variants = [
  { name: 'buggy', sound: false, summary: 'the lock is released between the read and the write' },
  { name: 'write-lock', sound: true, summary: 'one write lock is held over the whole operation' },
  { name: 'mutex', sound: true, summary: 'a mutex is held over the whole operation' },
  { name: 'atomic-add', sound: true, summary: 'the count is one atomic addition; metadata keys are still lost' },
  {
    name: 'cas',
    sound: true,
    summary: 'compare-and-swap: written only if nothing changed since the read, else done again',
  },
] as const satisfies readonly Variant[]

type Name = (typeof variants)[number]['name']

/** What all workers increment, and what all workers set keys of. */
const COUNTED = 'counted-session'
const KEYED = 'keyed-session'
const KEYS_PER_WORKER = 5
/** Operations on a session of the worker's own before the start, so that what is measured is compiled code. */
const WARM_UP = 300

const load: LessonLoad<LabMemory, void> = {
  iterations: 1000,
  gap: 'sleep:0.05/50',
  database: 'memory',

  prepare({ workers }) {
    // A key with its value takes at most 32 bytes.
    const memory = allocateLabStore({ capacity: workers + 2, metadataBytes: workers * KEYS_PER_WORKER * 32 })
    const store = new LabStore(memory)
    for (const id of [COUNTED, KEYED]) createSession(store, undefined, 'u1', 'alice', { id })
    for (let worker = 0; worker < workers; worker++)
      createSession(store, undefined, 'u1', 'alice', { id: warmUpOf(worker) })
    return memory
  },

  work(memory, { variant, iterations }, worker) {
    const store = storeOf(worker, memory)
    const increment = incrementAccess[variant as Name]
    const update = updateSession[variant as Name]
    for (let i = 0; i < WARM_UP; i++) increment(store, warmUpOf(worker.index))
    worker.start()
    for (let i = 0; i < iterations; i++) worker.operation(() => increment(store, COUNTED, worker.pause))
    worker.meet()
    for (let i = 0; i < KEYS_PER_WORKER; i++) update(store, KEYED, `key ${worker.index}.${i}`, 'set', worker.pause)
  },

  judge(memory, { variant, workers, iterations }) {
    const store = new LabStore(memory)
    const expected = workers * iterations
    const actual = store.read(COUNTED).accessCount
    const keysExpected = workers * KEYS_PER_WORKER
    const keysArrived = store.read(KEYED).metadata.size
    const keysLost = keysExpected - keysArrived
    // What a variant does not claim to keep is shown, and not held against it.
    const violations = expected - actual + (keepsMetadata(variant) ? keysLost : 0)
    return { expected, actual, violations, metrics: { keysExpected, keysArrived, keysLost } }
  },
}

function keepsMetadata(variant: string): boolean {
  return variant !== 'atomic-add' && variant !== 'buggy'
}

function warmUpOf(worker: number): string {
  return `warm-up ${worker}`
}

/** Two actors, one increment each. Metadata keys are the load's affair: the race is the same. */
function smallest(variant: string): Scenario {
  const increment = incrementAccess[variant as Name]
  return scenario({
    name: 'lost update',
    memory() {
      const memory = allocateLabStore({ capacity: 1, metadataBytes: 0 })
      createSession(new LabStore(memory), undefined, 'u1', 'alice', { id: COUNTED })
      return memory
    },
    actors: {
      alice: (memory) => increment(new LabStore(memory), COUNTED),
      bob: (memory) => increment(new LabStore(memory), COUNTED),
    },
    observe: (memory) => new LabStore(memory).read(COUNTED).accessCount,
    outcomes: { 2: 'acceptable', 1: ['forbidden', 'one increment is gone'] },
    names: namedWords,
    races: storeRaces,
  })
}

export const lostUpdate: Bug = {
  name: 'lost-update',
  title: 'Lost update',
  variants,
  uses: ['gap'],
  load,
  scenario: smallest,
  columns: {
    total: ['increments', 'arrived', 'lost'],
    more: [{ name: 'keys', show: (metrics) => `${figure(metrics, 'keysArrived')}/${figure(metrics, 'keysExpected')}` }],
  },
  witness: {
    variant: 'buggy',
    iterations: 20,
    find: findLostCount,
    ...showing(({ accessCount }) => `count=${accessCount}`),
    tell(steps) {
      const before = countIn(steps.find(({ action }) => action === 'read')!)
      const after = countIn(steps.findLast(({ action }) => action === 'write')!)
      return `Both read ${before}, and both wrote ${after}: expected ${before + 2}, actual ${after}. One update is gone.`
    },
  },
  lesson: {
    story:
      'A shop counts the uses of a discount code in the session, and keeps the basket there. Two requests of one customer ' +
      'arrive together. Each reads the session, works, and writes its copy back. Both answer "done"; the counter grew by ' +
      'one, and what the first request put into the basket is not there.',
    timeline: [
      ['', '', 'count=10'],
      ['read lock; read count=10; unlock', '', 'count=10'],
      ['', 'read lock; read count=10; unlock', 'count=10'],
      ['compute 11', '', 'count=10'],
      ['', 'compute 11', 'count=10'],
      ['write lock; write count=11; unlock', '', 'count=11'],
      ['', 'write lock; write count=11; unlock', 'count=11'],
    ],
    outcome: 'Two increments, one counted: expected 12, actual 11.',
    why:
      'Each step is locked, the operation is not. The value that thread 2 writes was computed from a session that no ' +
      'longer exists when it is written. A read-write lock orders single reads and writes; it cannot know that this write ' +
      'depends on that read.',
    fixes:
      'Make read, change and write one step. Hold a write lock or a mutex from before the read until after the write; or let ' +
      'the machine do it (atomic addition), where the change is an addition; or write only if nothing has changed since the ' +
      'read, and else start again (compare-and-swap). The last holds no lock while it computes.',
    trap:
      'An atomic counter alone. The count is right ever after, and the metadata beside it is still lost: run the variant ' +
      'atomic-add and look at the keys. Locking every single access more carefully does not help either; the gap between ' +
      'them is the bug.',
  },
}
