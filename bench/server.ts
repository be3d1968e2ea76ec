/** What do handlers in several threads gain a web server, and is anything lost? */
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { BehindOneListener } from '../examples/threaded-server/behind-one-listener.ts'
import { OnOnePort, canSharePort } from '../examples/threaded-server/on-one-port.ts'
import type { ThreadedServer } from '../examples/threaded-server/server.ts'
import { whole } from '../src/lab/report/results-table.ts'
import { textTable } from '../src/terminal/text-table.ts'
import { PackageMissingError } from '../src/lab/requests/packages.ts'
import { allocateSessionStore } from '../src/store/allocate.ts'
import { WorkerFailedError } from '../src/stress/team.ts'
import { bundle } from '../src/stress/worker-file.ts'
import { type Bench, type BenchOptions, shareOf } from './harness/bench.ts'
import { type Figure, figureOf, withSpread } from './harness/figure.ts'
import { inTurns } from './harness/turns.ts'
import { CONNECTIONS, type Trip, VISITORS, type Visits } from './loads/visitors.ts'

/** With what they are asked for, and how often on each connection. */
const HANDLERS = [
  { handler: 'a handler that does next to nothing', path: '/visit', requestsEach: 60 },
  { handler: 'a handler that hashes for one to two milliseconds', path: '/work', requestsEach: 20 },
] as const

/** What the others are compared with. */
const ONE_THREAD = 'racelab'

interface Contestant {
  readonly server: string
  readonly threads: number
  readonly open: () => Promise<ThreadedServer>
}

interface Row {
  readonly handler: string
  readonly server: string
  readonly threads: number
  readonly requestsPerSecond: Figure
  /** Times the requests of one thread with the same handler, in the same repetition. */
  readonly gain: Figure
  /** Visits, in all repetitions. */
  readonly expected: number
  readonly arrived: number
}

interface ServerData {
  readonly rows: readonly Row[]
  /** Whether this Node has threads listen on one port. */
  readonly sharesPort: boolean
  /** What to install, if it takes something that is not; then there are no rows. */
  readonly missing: string | null
}

export const server: Bench<ServerData> = {
  name: 'server',
  question: 'What do handlers in several threads gain a web server, and is anything lost?',

  async run(options) {
    const sharesPort = await canSharePort()
    const absent = ['express', 'express-session', 'autocannon'].filter((name) => !isInstalled(name))
    if (absent.length > 0) return { rows: [], sharesPort, missing: new PackageMissingError(absent).message }
    return { rows: await measure(contestantsFor(options, sharesPort), options), sharesPort, missing: null }
  },

  show({ rows, sharesPort, missing }) {
    if (missing !== null) return missing
    return [
      `${VISITORS} visitors with two requests each at a time, made by a thread of its own, which needs a core as well. Racelab's`,
      'store adds numbers up. A listener is one thread more.',
      ...(sharesPort
        ? []
        : ['Threads that listen on one port are left out: that takes reusePort, which Node has since 22.12.']),
      ...HANDLERS.map(({ handler }) => `\n${handler}\n\n${table(rows.filter((row) => row.handler === handler))}`),
    ].join('\n')
  },
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name)
    return true
  } catch {
    return false
  }
}

function contestantsFor({ workers, repetitions }: BenchOptions, sharesPort: boolean): Contestant[] {
  // The visitors of each turn are new ones; one turn does not count.
  const capacity = VISITORS * HANDLERS.length * (repetitions + 1)
  const memory = (): SharedArrayBuffer => allocateSessionStore({ capacity, metadataBytes: 2000 })
  const behindOneListener = (threads: number): Contestant => {
    return { server: 'racelab, one listener', threads, open: () => BehindOneListener.open(memory(), threads) }
  }
  const onOnePort = (threads: number): Contestant => {
    return { server: 'racelab, one port', threads, open: () => OnOnePort.open(memory(), threads) }
  }
  return [
    { server: 'MemoryStore', threads: 1, open: () => OnOnePort.open(undefined, 1) },
    { server: ONE_THREAD, threads: 1, open: () => OnOnePort.open(memory(), 1) },
    ...workers.map(behindOneListener),
    ...(sharesPort ? workers.filter((threads) => threads > 1).map(onOnePort) : []),
  ]
}

/** Opens the servers, has them visited, and closes them whatever comes of it. */
async function measure(contestants: readonly Contestant[], options: BenchOptions): Promise<Row[]> {
  const visitors = new Piscina({
    filename: await bundle(fileURLToPath(new URL('loads/visitors.ts', import.meta.url))),
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: Infinity,
    execArgv: [],
  })
  const opened: (Contestant & { readonly running: ThreadedServer })[] = []
  try {
    for (const each of contestants) opened.push({ ...each, running: await each.open() })
    const entries = HANDLERS.flatMap(({ handler, path, requestsEach }) =>
      opened.map(({ server: name, threads, running: { url } }) => {
        const trip: Trip = { url, path, requests: CONNECTIONS * shareOf(requestsEach, options.share) }
        return { server: name, threads, handler, trip }
      }),
    )
    const { repetitions, onProgress } = options
    const play = (
      { server: name, threads, handler, trip }: (typeof entries)[0],
      repetition: number,
    ): Promise<Visits> => {
      onProgress(`server: ${name} on ${threads}, ${handler} (repetition ${repetition} of ${repetitions})`)
      return visit(visitors, trip)
    }
    // A server is twice as fast once its code is compiled; a quick look has no time for that.
    if (options.share === 1) await inTurns(entries, 1, play)
    const done = await inTurns(entries, repetitions, play)
    return HANDLERS.flatMap(({ handler }) => rowsOf(done.filter((each) => each.handler === handler)))
  } finally {
    await Promise.all([visitors.destroy(), ...opened.map(({ running }) => running.close())])
  }
}

async function visit(visitors: Piscina, trip: Trip): Promise<Visits> {
  let visits: Visits
  try {
    visits = (await visitors.run(trip)) as Visits
  } catch (failure) {
    throw new WorkerFailedError(failure)
  }
  if (visits.failed > 0) throw new WorkerFailedError(`${visits.failed} of ${trip.requests} requests failed`)
  return visits
}

interface Visited extends Omit<Contestant, 'open'> {
  readonly handler: string
  readonly trip: Trip
  readonly runs: readonly Visits[]
}

/** The rows of one handler. */
function rowsOf(visited: readonly Visited[]): Row[] {
  const alone = visited.find((each) => each.server === ONE_THREAD)!
  return visited.map(({ handler, server: name, threads, trip, runs }) => {
    const speeds = runs.map(({ requestsPerSecond }) => requestsPerSecond)
    return {
      handler,
      server: name,
      threads,
      requestsPerSecond: figureOf(speeds),
      gain: figureOf(speeds.map((speed, repetition) => speed / alone.runs[repetition]!.requestsPerSecond)),
      expected: runs.length * trip.requests,
      arrived: runs.reduce((total, { arrived }) => total + arrived, 0),
    }
  })
}

function table(rows: readonly Row[]): string {
  const figures = ['threads', 'requests/s', 'times one thread', 'visits', 'arrived', 'lost']
  return textTable(
    [{ name: 'sessions' }, ...figures.map((name) => ({ name, right: true }))],
    rows.map(({ server: name, threads, requestsPerSecond, gain, expected, arrived }) => [
      name,
      `${threads}`,
      withSpread(requestsPerSecond),
      withSpread(gain, (times) => times.toFixed(2)),
      whole(expected),
      whole(arrived),
      whole(expected - arrived),
    ]),
  )
}
