/** `npm run bench`: measures the answer to each question, and prints the machine, how noisy the run was, and the answers. */
import { fileURLToPath } from 'node:url'
import { Argument, Command, InvalidArgumentError } from 'commander'
import { seconds, wholeNumber } from '../src/terminal/options.ts'
import { htmlFile } from '../src/lab/html/file.ts'
import { print, writeOut } from '../src/terminal/print.ts'
import { progressLine } from '../src/terminal/progress.ts'
import type { Progress } from '../src/terminal/progress.ts'
import { runProgram } from '../src/terminal/run-program.ts'
import { untilStopped } from '../src/terminal/stop.ts'
import { unlessAborted, withTeam } from '../src/stress/with-team.ts'
import { machineLine, thisMachine } from '../src/terminal/machine.ts'
import { WorkerFailedError } from '../src/stress/run-load.ts'
import { MAX_WORKERS } from '../src/stress/team.ts'
import { bundle } from '../src/stress/worker-file.ts'
import { bugs } from './bugs.ts'
import { cleanup } from './cleanup.ts'
import { allContests } from './contest/all-contests.ts'
import { showContests, spreadsOfContests } from './contest/show.ts'
import { explore } from './explore.ts'
import { full } from './full.ts'
import { fuzz } from './fuzz.ts'
import { growth } from './growth.ts'
import type { Bench } from './harness/bench.ts'
import { SCHEMA, answersAsJson, answersAsShown, answersAsSvg, answersAsText, spreadsOf } from './harness/answers.ts'
import type { Answer } from './harness/answers.ts'
import { NothingToPlotError, PeersAndQuestionsError } from './harness/errors.ts'
import { NOISE_HELP, noiseLine, noiseOf } from './harness/noise.ts'
import { kills } from './kills.ts'
import { primitives } from './primitives.ts'
import { retryCost } from './retry-cost.ts'
import { server } from './server.ts'
import { soak } from './soak.ts'

const benches: readonly Bench[] = [
  bugs,
  retryCost,
  primitives,
  cleanup,
  growth,
  full,
  explore,
  server,
  soak,
  kills,
  fuzz,
]

interface Flags {
  readonly workers: readonly number[]
  readonly repetitions?: number
  readonly timeout: number
  readonly quick?: true
  readonly json?: true
  readonly svg?: string
  readonly html?: string
  readonly peers?: true
}

const program = new Command('bench')
  .description(
    'Measures the bugs, their fixes and the primitives. What is compared takes turns within one run; figures are medians.',
  )
  .addArgument(
    new Argument('[names...]', 'which questions to measure; all when no name is given').choices(
      benches.map(({ name }) => name),
    ),
  )
  .option(
    '--workers <n,…>',
    `the numbers of threads to measure with, 1 to ${MAX_WORKERS} each`,
    workerCounts,
    [1, 2, 4, 8],
  )
  .option(
    '--repetitions <n>',
    'how often each measurement is repeated (default: 5, with --quick 3, with --peers 7)',
    wholeNumber(1, 1000),
  )
  .option('--quick', 'do a tenth of the work')
  .option('--timeout <seconds>', 'stop the run after this many seconds', seconds, 1800)
  .option(
    '--peers',
    'measure the session manager and its alternatives instead, on 2 threads (see bench/peers/README.md)',
  )
  .option('--json', 'print one JSON document and nothing else')
  .option('--html <file>', 'also write the answers to a file, as one self-contained HTML page')
  .option('--svg <file>', `also write the plots of the run to an SVG file; ${plotted()} have plots`)
  .addHelpText(
    'after',
    `\nQuestions:\n${benches.map(({ name, question }) => `  ${name}: ${question}`).join('\n')}\n\n${NOISE_HELP}`,
  )
  .showHelpAfterError('(npm run bench -- --help lists the questions and options)')
  .exitOverride()
  .action((names: readonly string[], flags: Flags) => (flags.peers ? contest(names, flags) : run(names, flags)))

await runProgram(program, [WorkerFailedError])

async function run(names: readonly string[], flags: Flags): Promise<void> {
  const asked = names.length === 0 ? benches : benches.filter(({ name }) => names.includes(name))
  if (flags.svg !== undefined && !asked.some(({ plots }) => plots)) throw new NothingToPlotError(plotted())
  const machine = thisMachine()
  const html = await htmlFile(flags.html)
  const progress = await progressLine(true)
  const answers = await ask(asked, flags, progress)
  const noise = noiseOf(spreadsOf(answers), repetitionsOf(flags), machine)
  print(flags.json ? answersAsJson(answers, machine, noise) : answersAsText(answers, machine, noise))
  // After the figures, so that they are not lost when the file cannot be written.
  if (flags.svg !== undefined) writeOut(flags.svg, answersAsSvg(answers, machine, noise))
  html?.write('Benches', ({ answersHtml }, heading) => answersHtml(heading, answersAsShown(answers, noise)))
}

async function contest(names: readonly string[], flags: Flags): Promise<void> {
  const { quick, timeout, json, svg } = flags
  const html = await htmlFile(flags.html)
  if (names.length > 0) throw new PeersAndQuestionsError()
  if (svg !== undefined) throw new NothingToPlotError(plotted())
  const machine = thisMachine()
  const progress = await progressLine(true)
  const milliseconds = quick ? 60 : 400
  const repetitions = repetitionsOf(flags)
  const over = new AbortController()
  const onProgress = (doing: string): void => {
    // After an interruption the contests end before their next turn, and stop what they have started.
    over.signal.throwIfAborted()
    progress.say(doing)
  }
  const holding = allContests({ repetitions, milliseconds, onProgress })
  const answer = await untilStopped(timeout, (signal) => unlessAborted(signal, holding)).finally(async () => {
    over.abort()
    await holding.catch(() => {})
    progress.end()
  })
  const noise = noiseOf(spreadsOfContests(answer), repetitions, machine)
  const text = showContests(answer)
  if (json) print(JSON.stringify({ schema: SCHEMA, machine, noise, ...answer }, null, 2))
  else print(`${machineLine(machine)}\n${noiseLine(noise)}\n\n${text}`)
  html?.write('racelab and its alternatives', ({ answersHtml }, heading) => {
    return answersHtml(heading, [{ name: 'contests', question: noiseLine(noise), text, plots: undefined }])
  })
}

async function ask(asked: readonly Bench[], flags: Flags, progress: Progress): Promise<readonly Answer[]> {
  const { workers, quick, timeout } = flags
  const over = new AbortController()
  const onProgress = (doing: string): void => {
    // After an interruption a bench ends before its next turn, and stops what it has started besides the team.
    over.signal.throwIfAborted()
    progress.say(doing)
  }
  progress.say('starting the threads')
  const file = await bundle(fileURLToPath(new URL('harness/worker.ts', import.meta.url)))
  try {
    return await untilStopped(timeout, (signal) =>
      withTeam({ size: Math.max(...workers), signal, file }, async (team) => {
        const options = { team, workers, repetitions: repetitionsOf(flags), share: quick ? 0.1 : 1, onProgress }
        const answers: Answer[] = []
        for (const bench of asked) answers.push({ bench, data: await bench.run(options) })
        return answers
      }),
    )
  } finally {
    over.abort()
    progress.end()
  }
}

function repetitionsOf({ repetitions, quick, peers }: Flags): number {
  if (repetitions !== undefined) return repetitions
  if (quick) return 3
  return peers ? 7 : 5
}

/** Returns the names of the questions whose answers have plots: `cleanup and growth`. */
function plotted(): string {
  return benches
    .filter(({ plots }) => plots)
    .map(({ name }) => name)
    .join(' and ')
}

/** Parses a list such as `1,2,8`. */
function workerCounts(text: string): readonly number[] {
  const count = wholeNumber(1, MAX_WORKERS)
  const counts = text.split(',').map((each) => count(each))
  if (new Set(counts).size < counts.length) throw new InvalidArgumentError('Name each number once.')
  return counts
}
