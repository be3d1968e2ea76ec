/**
 * Rate-limit bypass: a limit is as good as the count that it is held against.
 *
 * The workers send requests of one session, more than its limit. Each counts itself with incrementAccess, and is
 * served if its number is within the limit. So the limit's worth of requests must be served, and not one more.
 */
import type { Metrics } from '../../stress/load.ts'
import type { LessonLoad } from './bug.ts'
import { type Scenario, scenario } from '../../scenario.ts'
import { createSession } from '../../store/operations/create-session.ts'
import { incrementAccess } from '../variants/increment-access.ts'
import { type LabMemory, allocateLabStore } from '../variants/lab-memory.ts'
import { storeOf } from '../variants/open.ts'
import { LabStore } from '../variants/lab-store.ts'
import type { Bug, Variant } from './bug.ts'
import { namedWords, storeRaces } from './named-words.ts'
import { figure } from './metrics.ts'
import { countIn, findLostCount, showing } from './witness.ts'

const variants = [
  { name: 'buggy', sound: false, summary: 'requests are counted by a read and a write: two can be one number' },
  { name: 'sound', sound: true, summary: 'requests are counted by compare-and-swap: no two have the same number' },
] as const satisfies readonly Variant[]

const forms = { buggy: incrementAccess.buggy, sound: incrementAccess.cas }

const ID = 'limited-session'
/** What most runs are limited to. A run of few requests is limited to half of them, so that the limit is reached. */
const LIMIT = 100

interface Report {
  readonly served: number
}

const load: LessonLoad<LabMemory, Report> = {
  iterations: 200,
  // Often enough for requests to meet in the gap before the limit is reached.
  gap: 'sleep:0.05/5',
  database: 'memory',

  prepare() {
    const memory = allocateLabStore({ capacity: 1, metadataBytes: 0 })
    createSession(new LabStore(memory), undefined, 'u1', 'alice', { id: ID })
    return memory
  },

  work(memory, setting, worker) {
    const store = storeOf(worker, memory)
    const increment = forms[setting.variant as keyof typeof forms]
    const limit = limitOf(setting)
    let served = 0
    worker.start()
    for (let i = 0; i < setting.iterations; i++) {
      worker.operation(() => {
        const number = increment(store, ID, worker.pause)
        if (number > limit) return worker.recorder?.step('refuse', `request ${number} of ${limit}`)
        worker.recorder?.step('serve', `request ${number} of ${limit}`)
        served++
      })
    }
    return { served }
  },

  judge(memory, setting, reports) {
    const requests = requestsOf(setting)
    const limit = limitOf(setting)
    const served = reports.reduce((sum, each) => sum + each.served, 0)
    const counted = new LabStore(memory).read(ID).accessCount
    const overLimit = served - limit
    return {
      expected: limit,
      actual: served,
      violations: Math.abs(overLimit),
      metrics: { requests, counted, limit, served, overLimit },
    }
  },
}

interface Size {
  readonly workers: number
  readonly iterations: number
}

function requestsOf({ workers, iterations }: Size): number {
  return workers * iterations
}

function limitOf(size: Size): number {
  return Math.min(LIMIT, Math.ceil(requestsOf(size) / 2))
}

/** Two requests at a limit of one: whose number is the first is served. */
function smallest(variant: string): Scenario {
  const increment = forms[variant as keyof typeof forms]
  const request = (memory: LabMemory) => increment(new LabStore(memory), 'a') <= 1
  return scenario({
    name: 'rate-limit bypass',
    memory() {
      const memory = allocateLabStore({ capacity: 1, metadataBytes: 0 })
      createSession(new LabStore(memory), undefined, '', '', { id: 'a' })
      return memory
    },
    actors: { alice: request, bob: request },
    observe: (_, { alice, bob }) => `${Number(alice) + Number(bob)} served`,
    outcomes: { '1 served': 'acceptable', '2 served': ['forbidden', 'one more than the limit'] },
    names: namedWords,
    races: storeRaces,
  })
}

export const rateLimitBypass: Bug = {
  name: 'rate-limit-bypass',
  title: 'Rate-limit bypass',
  variants,
  uses: ['gap'],
  load,
  scenario: smallest,
  columns: {
    more: [
      { name: 'requests', show: (metrics) => whole(metrics, 'requests') },
      { name: 'counted', show: (metrics) => whole(metrics, 'counted') },
      { name: 'limit', show: (metrics) => whole(metrics, 'limit') },
      { name: 'served', show: (metrics) => whole(metrics, 'served') },
      { name: 'over limit', show: (metrics) => whole(metrics, 'overLimit') },
    ],
    note: () =>
      'counted: what the session’s count says of the requests in the end. served: requests whose number was within the limit.',
  },
  witness: {
    variant: 'buggy',
    iterations: 20,
    find(steps) {
      const found = findLostCount(steps)
      // One that is refused was counted too low as well, but nobody was served for it.
      return found?.some(({ action }) => action === 'refuse') ? undefined : found
    },
    ...showing(({ accessCount }) => `count=${accessCount}`),
    tell(steps) {
      const number = countIn(steps.findLast(({ action }) => action === 'write')!)
      return `Both took number ${number}: two requests were served, and one of them was counted.`
    },
  },
  lesson: {
    story:
      'A log-in page takes a hundred attempts of a session, then no more. Somebody who wants to try passwords does not send ' +
      'them one by one: he sends them all at once. Many of them read the same count, take the same number, and are served ' +
      'on it. The page’s own statistics say that he stayed within the limit.',
    timeline: [
      ['', '', 'count=99'],
      ['request: read count=99; unlock', '', 'count=99'],
      ['', 'request: read count=99; unlock', 'count=99'],
      ['write count=100; unlock', '', 'count=100'],
      ['100 <= 100? yes, served', '', 'count=100'],
      ['', 'write count=100; unlock', 'count=100'],
      ['', '100 <= 100? yes, served', 'count=100'],
    ],
    outcome: 'The limit is 100, the count says 100, and 101 requests were served.',
    why:
      'The limit is held against the count, and the count is not the number of requests. Each lost increment is a request ' +
      'that costs nothing. The more arrive together, the more are lost: the limit gives way just when it is needed, and how ' +
      'far is the attacker’s choice.',
    fixes:
      'Each request must get a number that no other has: compare-and-swap, an atomic addition, or one lock over the read and ' +
      'the write, and the decision is made by the number that came back. Then exactly the limit is served, however many ' +
      'come at once.',
    trap:
      'Asking before counting: if the count is below the limit, serve, then add one atomically. No increment is lost, the ' +
      'count ends right, and all who asked at once were told that there is room. The number to decide by is the one that ' +
      'the increment returns.',
  },
}

function whole(metrics: Metrics, name: string): string {
  return figure(metrics, name).toLocaleString('en-US')
}
