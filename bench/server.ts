/** How much faster is a web server with handlers on several threads, and does it lose a visit? */
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { BehindOneListener } from '../examples/threaded-server/behind-one-listener.ts'
import { OnOnePort, canSharePort } from '../examples/threaded-server/on-one-port.ts'
import type { ThreadedServer } from '../examples/threaded-server/server.ts'
import { whole } from '../src/terminal/figures.ts'
import { textTable } from '../src/terminal/text-table.ts'
import { PackageMissingError } from '../src/lab/requests/packages.ts'
import { allocateSessionStore } from '../src/store/allocate.ts'
import { WorkerFailedError } from '../src/stress/run-load.ts'
import { bundle } from '../src/stress/worker-file.ts'
import { shareOf } from './harness/bench.ts'
import type { Bench, BenchOptions } from './harness/bench.ts'
import { figureOf, withSpread } from './harness/figure.ts'
import type { Figure } from './harness/figure.ts'
import { inTurns } from './harness/turns.ts'
import { CONNECTIONS, VISITORS } from './loads/visitors.ts'
import type { VisitOptions, Visits } from './loads/visitors.ts'

/** Each handler with its path and the number of requests on each connection. */
const HANDLERS = [
  { handler: 'a handler that does almost no work', path: '/visit', requestsEach: 60 },
  { handler: 'a handler that hashes for 1 to 2 ms', path: '/work', requestsEach: 20 },
] as const

/** The baseline: the other servers are compared with this one. */
const ONE_THREAD = 'racelab'

/** A kind of server to measure. */
interface ServerSetup {
  readonly server: string
  readonly threads: number
  readonly open: () => Promise<ThreadedServer>
}

interface Row {
  readonly handler: string
  readonly server: string
  readonly threads: number
  readonly requestsPerSecond: Figure
  /** The requests per second, divided by those of the baseline with the same handler in the same repetition. */
  readonly gain: Figure
  /** Visits that were made in all repetitions; `arrived` is the number that the sessions counted. */
  readonly expected: number
  readonly arrived: number
}

interface ServerData {
  readonly rows: readonly Row[]
  /** Whether several threads can listen on one port in this version of Node. */
  readonly sharesPort: boolean
  /** Says which packages to install when some are missing; there are no rows then. Null when all are installed. */
  readonly missing: string | null
}

export const server: Bench<ServerData> = {
  name: 'server',
  question: 'How much faster is a web server with handlers on several threads, and does it lose a visit?',

  async run(options) {
    const sharesPort = await canSharePort()
    const absent = ['express', 'express-session', 'autocannon'].filter((name) => !isInstalled(name))
    if (absent.length > 0) return { rows: [], sharesPort, missing: new PackageMissingError(absent).message }
    return { rows: await measure(serverSetups(options, sharesPort), options), sharesPort, missing: null }
  },

  show({ rows, sharesPort, missing }) {
    if (missing !== null) return missing
    return [
      `${VISITORS} visitors, each with two requests under way at any time. The visitors run on one more thread, which needs a core too.`,
      'racelab’s store is set to add up numbers that two requests changed. A listener is a further thread.',
      ...(sharesPort
        ? []
        : [
            'Threads that listen on one port are not measured: this needs the option reusePort of Node 22.12 or later.',
          ]),
      ...HANDLERS.map(({ handler }) => `\n${handler}\n\n${table(rows.filter((row) => row.handler === handler))}`),
    ].join('\n')
  },

  timings: ({ rows }) => rows.map(({ requestsPerSecond }) => requestsPerSecond),
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name)
    return true
  } catch {
    return false
  }
}

function serverSetups({ workers, repetitions }: BenchOptions, sharesPort: boolean): ServerSetup[] {
  // Every turn has new visitors, and there is one turn to warm up.
  const capacity = VISITORS * HANDLERS.length * (repetitions + 1)
  const memory = (): SharedArrayBuffer => allocateSessionStore({ capacity, metadataBytes: 2000 })
  const behindOneListener = (threads: number): ServerSetup => {
    return { server: 'racelab, one listener', threads, open: () => BehindOneListener.open(memory(), threads) }
  }
  const onOnePort = (threads: number): ServerSetup => {
    return { server: 'racelab, one port', threads, open: () => OnOnePort.open(memory(), threads) }
  }
  return [
    { server: 'MemoryStore', threads: 1, open: () => OnOnePort.open(undefined, 1) },
    { server: ONE_THREAD, threads: 1, open: () => OnOnePort.open(memory(), 1) },
    ...workers.map(behindOneListener),
    ...(sharesPort ? workers.filter((threads) => threads > 1).map(onOnePort) : []),
  ]
}

/** Opens the servers, sends visitors to each, and closes the servers even when a turn fails. */
async function measure(setups: readonly ServerSetup[], options: BenchOptions): Promise<Row[]> {
  const visitors = new Piscina({
    filename: await bundle(fileURLToPath(new URL('loads/visitors.ts', import.meta.url))),
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: Infinity,
    execArgv: [],
  })
  const opened: (ServerSetup & { readonly running: ThreadedServer })[] = []
  try {
    for (const each of setups) opened.push({ ...each, running: await each.open() })
    const subjects = HANDLERS.flatMap(({ handler, path, requestsEach }) =>
      opened.map(({ server: name, threads, running: { url } }) => {
        const trip: VisitOptions = { url, path, requests: CONNECTIONS * shareOf(requestsEach, options.share) }
        return { server: name, threads, handler, trip }
      }),
    )
    const { repetitions, onProgress } = options
    const runOne = (
      { server: name, threads, handler, trip }: (typeof subjects)[0],
      repetition: number,
    ): Promise<Visits> => {
      onProgress(`server: ${name} on ${threads}, ${handler} (repetition ${repetition} of ${repetitions})`)
      return visit(visitors, trip)
    }
    // A server is twice as fast once its code is compiled. A quick run has no time to warm up.
    if (options.share === 1) await inTurns(subjects, 1, runOne)
    const done = await inTurns(subjects, repetitions, runOne)
    return HANDLERS.flatMap(({ handler }) => rowsOf(done.filter((each) => each.handler === handler)))
  } finally {
    await Promise.all([visitors.destroy(), ...opened.map(({ running }) => running.close())])
  }
}

async function visit(visitors: Piscina, trip: VisitOptions): Promise<Visits> {
  let visits: Visits
  try {
    visits = (await visitors.run(trip)) as Visits
  } catch (failure) {
    throw new WorkerFailedError(failure)
  }
  if (visits.failed > 0) throw new WorkerFailedError(`${visits.failed} of ${trip.requests} requests failed`)
  return visits
}

interface Visited extends Omit<ServerSetup, 'open'> {
  readonly handler: string
  readonly trip: VisitOptions
  readonly runs: readonly Visits[]
}

/** Returns the rows of one handler. */
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
  const figures = ['threads', 'requests/s', '× one thread', 'visits', 'arrived', 'lost']
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
