/** `npm run bench`: asks the machine each question, and prints the machine with the answers. */
import { fileURLToPath } from 'node:url'
import { Argument, Command, InvalidArgumentError } from 'commander'
import { seconds, wholeNumber } from '../src/lab/cli/options.ts'
import { print } from '../src/lab/cli/print.ts'
import { type Progress, progressLine } from '../src/lab/cli/progress.ts'
import { runProgram } from '../src/lab/cli/run-program.ts'
import { untilStopped } from '../src/lab/cli/stop.ts'
import { unlessAborted, withTeam } from '../src/stress/with-team.ts'
import { machineLine, thisMachine } from '../src/terminal/machine.ts'
import { MAX_WORKERS } from '../src/stress/team.ts'
import { bundle } from '../src/stress/worker-file.ts'
import { bugs } from './bugs.ts'
import { allContests } from './contest/all-contests.ts'
import { showContests } from './contest/show.ts'
import { cleanup } from './cleanup.ts'
import { PeersAndQuestionsError } from './contest/errors.ts'
import { explore } from './explore.ts'
import { growth } from './growth.ts'
import type { Bench } from './harness/bench.ts'
import { primitives } from './primitives.ts'
import { retryCost } from './retry-cost.ts'
import { server } from './server.ts'
import { soak } from './soak.ts'

const benches: readonly Bench[] = [bugs, retryCost, primitives, cleanup, growth, explore, server, soak]

interface Flags {
  readonly workers: readonly number[]
  readonly repetitions?: number
  readonly timeout: number
  readonly quick?: true
  readonly json?: true
  readonly peers?: true
}

const program = new Command('bench')
  .description('Measures the bugs, their fixes and the primitives: medians of contestants that take turns in one run.')
  .addArgument(new Argument('[names...]', 'which questions; all if left out').choices(benches.map(({ name }) => name)))
  .option('--workers <n,…>', `on how many threads, 1 to ${MAX_WORKERS} each`, workerCounts, [1, 2, 4, 8])
  .option('--repetitions <n>', 'how often each contestant runs; default 5, quick 3', wholeNumber(1, 1000))
  .option('--quick', 'a tenth of the work')
  .option('--timeout <seconds>', 'give up after so long', seconds, 1800)
  .option('--peers', 'instead: contests of the session manager with what else there is, on 2 threads')
  .option('--json', 'print one JSON document and nothing else')
  .addHelpText('after', `\nQuestions:\n${benches.map(({ name, question }) => `  ${name}: ${question}`).join('\n')}`)
  .showHelpAfterError('(npm run bench -- --help says what there is)')
  .exitOverride()
  .action((names: readonly string[], flags: Flags) => (flags.peers ? contest(names, flags) : run(names, flags)))

await runProgram(program)

async function run(names: readonly string[], flags: Flags): Promise<void> {
  const asked = names.length === 0 ? benches : benches.filter(({ name }) => names.includes(name))
  const machine = thisMachine()
  const progress = await progressLine(true)
  const answers = await ask(asked, flags, progress)
  if (flags.json) {
    const documents = answers.map(({ bench: { name, question }, data }) => ({ name, question, data }))
    return print(JSON.stringify({ schema: 1, machine, benches: documents }, null, 2))
  }
  print(machineLine(machine))
  for (const { bench, data } of answers) print(`\n${bench.name}: ${bench.question}\n\n${bench.show(data)}`)
}

async function contest(names: readonly string[], { repetitions, quick, timeout, json }: Flags): Promise<void> {
  if (names.length > 0) throw new PeersAndQuestionsError()
  const machine = thisMachine()
  const progress = await progressLine(true)
  const milliseconds = quick ? 60 : 400
  const over = new AbortController()
  const onProgress = (doing: string): void => {
    // Interrupted, the contests end before their next turn, and put away what they have started.
    over.signal.throwIfAborted()
    progress.say(doing)
  }
  const holding = allContests({ repetitions: repetitions ?? (quick ? 3 : 7), milliseconds, onProgress })
  const answer = await untilStopped(timeout, (signal) => unlessAborted(signal, holding)).finally(async () => {
    over.abort()
    await holding.catch(() => {})
    progress.end()
  })
  if (json) return print(JSON.stringify({ schema: 1, machine, ...answer }, null, 2))
  print(`${machineLine(machine)}\n\n${showContests(answer)}`)
}

async function ask(asked: readonly Bench[], flags: Flags, progress: Progress) {
  const { workers, quick, repetitions = quick ? 3 : 5, timeout } = flags
  const over = new AbortController()
  const onProgress = (doing: string): void => {
    // Interrupted, a bench that has started more than the team ends before its next turn, and puts that away.
    over.signal.throwIfAborted()
    progress.say(doing)
  }
  progress.say('starting the threads')
  const file = await bundle(fileURLToPath(new URL('harness/worker.ts', import.meta.url)))
  try {
    return await untilStopped(timeout, (signal) =>
      withTeam({ size: Math.max(...workers), signal, file }, async (team) => {
        const options = { team, workers, repetitions, share: quick ? 0.1 : 1, onProgress }
        const answers: { bench: Bench; data: unknown }[] = []
        for (const bench of asked) answers.push({ bench, data: await bench.run(options) })
        return answers
      }),
    )
  } finally {
    over.abort()
    progress.end()
  }
}

/** `1,2,8` */
function workerCounts(text: string): readonly number[] {
  const count = wholeNumber(1, MAX_WORKERS)
  const counts = text.split(',').map((each) => count(each))
  if (new Set(counts).size < counts.length) throw new InvalidArgumentError('Each number once.')
  return counts
}
