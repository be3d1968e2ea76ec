/** The action of `lab stress`: samples each scenario in a process of its own, and explores it where the result needs that. */
import { RacelabError } from '../../errors.ts'
import { failureReport } from '../../explore/report/exploration-report.ts'
import type { SampleResult } from '../../stress/samples/result.ts'
import { ExitCode } from '../../terminal/exit-code.ts'
import { print, stdoutColours } from '../../terminal/print.ts'
import { progressLine } from '../../terminal/progress.ts'
import type { Progress } from '../../terminal/progress.ts'
import { InterruptedError } from '../../terminal/stop-cause.ts'
import type { StopCause } from '../../terminal/stop-cause.ts'
import { counted, wrapped } from '../../terminal/wrapped.ts'
import { threadLessons } from '../lessons/index.ts'
import { comparisonOf, explorersFailure, stressDocument } from '../../sampling/stress-document.ts'
import type { StressDocument, Stressed } from '../../sampling/stress-document.ts'
import { stressReport, stressSummary } from '../../sampling/stress-report.ts'
import { COMMAND } from './command.ts'
import { GaveUpError, INTERRUPTED, failureOf } from './explorer/endings.ts'
import { exploreInProcess } from './explorer/explore-in-process.ts'
import type { Explored } from './explorer/explore-in-process.ts'
import type { ShownSample } from '../../html/stressed.tsx'
import { replayCommandOf } from './explored-report.ts'
import { htmlFile } from '../html/file.ts'
import { defaultMemory } from './explorer/memory-limit.ts'
import type { StressJob } from './explorer/messages.ts'
import { runJob } from './explorer/run-job.ts'
import { stressExitCode } from './exit-code.ts'
import type { StressFlags } from './flags.ts'

const DEFAULT_TIME = 2
const DEFAULT_STUCK_AFTER = 2
const DEFAULT_TIMEOUT = 10
/** The time within which a process must report something, as a multiple of the time for an actor; and the least, in seconds. */
const SILENCE = 10
const LEAST_SILENCE = 5

/** One scenario to sample: the scenario of a file, or one variant of a bug. */
interface Part {
  readonly target: string
  readonly variant: string | undefined
  /** Whether the variant is declared sound; undefined for a file. */
  readonly sound: boolean | undefined
}

/** A sampled scenario, and what stopped the command meanwhile. */
interface Done {
  readonly stressed: Stressed
  readonly explored: Explored | undefined
  readonly cause: StopCause | undefined
}

/** What came of exploring a scenario. */
interface Explorations {
  readonly explored: Explored | undefined
  /** Why there is no exploration. */
  readonly unexplored?: string
  readonly cause: StopCause | undefined
}

/**
 * Samples the targets in turn and prints the reports. A target that cannot be run does not keep the others from being run. Throws
 * what the command line turns into an error message and an exit code.
 */
export async function runStress(targets: readonly string[], flags: StressFlags): Promise<void> {
  const parts = targets.flatMap((target) => partsOf(target, flags.variant))
  const html = await htmlFile(flags.html)
  const line = await progressLine(flags.json !== true)
  const documents: StressDocument[] = []
  const shown: ShownSample[] = []
  const errors: RacelabError[] = []
  let cause: StopCause | undefined
  try {
    for (const part of parts) {
      const done = await stressPart(part, flags, line).catch((error: unknown) => keep(error, errors))
      line.end()
      if (done === undefined) continue
      const document = stressDocument(done.stressed)
      documents.push(document)
      shown.push(shownOf(part, document, done))
      process.exitCode = exitCodeOf(documents, errors)
      if (!flags.json) print(`${reportOf(part, document, done)}\n`)
      cause = done.cause
      if (cause !== undefined) break
    }
  } finally {
    line.end()
    if (flags.json && documents.length > 0) print(JSON.stringify(documents, null, 2))
    if (!flags.json && documents.length > 1)
      print(stressSummary(documents, { colours: stdoutColours(), columns: process.stdout.columns }))
    if (shown.length > 0)
      html?.write('Sampled on real threads', ({ stressedHtml }, heading) => stressedHtml(heading, shown))
  }
  if (cause !== undefined) throw new InterruptedError(cause, interruption(documents, parts.length))
  const [first, ...others] = errors
  if (first === undefined) return
  if (parts.length === 1) throw first
  for (const error of [first, ...others]) process.stderr.write(`error: ${error.message}\n`)
  process.exitCode = exitCodeOf(documents, errors)
}

/** Says how many of the scenarios were sampled to the end. */
function interruption(documents: readonly StressDocument[], count: number): string {
  const whole = documents.filter(({ stopped }) => stopped !== INTERRUPTED).length
  return `${whole} of ${counted(count, 'scenario')} ${count === 1 ? 'was' : 'were'} sampled to the end.`
}

function partsOf(target: string, variant: string | undefined): readonly Part[] {
  const lesson = threadLessons.find(({ name }) => name === target)
  if (lesson === undefined) return [{ target, variant, sound: undefined }]
  const chosen = lesson.variants.filter(({ name }) => variant === undefined || name === variant)
  // The process says that there is no such variant.
  if (chosen.length === 0) return [{ target, variant, sound: undefined }]
  return chosen.map(({ name, sound }) => ({ target, variant: name, sound }))
}

/** Keeps an error of one target, so that the others are run. Throws an error that ends the command. */
function keep(error: unknown, errors: RacelabError[]): undefined {
  if (!(error instanceof RacelabError) || error instanceof InterruptedError) throw error
  errors.push(error)
  return undefined
}

function exitCodeOf(documents: readonly StressDocument[], errors: readonly RacelabError[]): ExitCode {
  if (errors.some((error) => !(error instanceof GaveUpError))) return ExitCode.MISUSE
  const code = stressExitCode(documents)
  return code === ExitCode.OK && errors.length > 0 ? ExitCode.INCONCLUSIVE : code
}

async function stressPart(part: Part, flags: StressFlags, line: Progress): Promise<Done> {
  const { variant, sound } = part
  const { result, cause } = await samplePart(part, flags, line)
  const compares = flags.compare === true
  const needsExploration = cause === undefined && (compares || result.verdict === 'fail')
  const found = needsExploration ? await explorePart(part, result, flags, line) : undefined
  const { explored, unexplored } = found ?? {}
  const stressed = { result, variant, sound, compares, exploration: explored?.exploration, unexplored }
  return { stressed, explored, cause: cause ?? found?.cause }
}

/** Samples in a process of its own, and returns the result, also if it was ended early. Throws if there is none. */
async function samplePart(
  { target, variant }: Part,
  flags: StressFlags,
  line: Progress,
): Promise<{ readonly result: SampleResult; readonly cause: StopCause | undefined }> {
  const { samples, stuckAfter = DEFAULT_STUCK_AFTER, memory = defaultMemory() } = flags
  const time = flags.time ?? (samples === undefined ? DEFAULT_TIME : undefined)
  const job: StressJob = {
    kind: 'stress',
    target,
    stuckAfter,
    compares: flags.compare === true,
    ...(variant === undefined ? {} : { variant }),
    ...(time === undefined ? {} : { time }),
    ...(samples === undefined ? {} : { samples }),
  }
  const limits = { timeout: Math.max(LEAST_SILENCE, SILENCE * stuckAfter), memory }
  let latest: SampleResult | undefined
  let whole: SampleResult | undefined
  const end = await runJob(job, {
    ...limits,
    onMessage(message) {
      if (message.kind !== 'sampling' && message.kind !== 'sampled') return
      latest = message.result
      if (message.kind === 'sampled') whole = message.result
      line.say(progressText(message.result, variant))
    },
  })
  const cause = end.kind === 'stopped' ? end.cause : undefined
  if (whole !== undefined) return { result: whole, cause }
  // Without a signal a result that was cut off is none: what ended the process may be the scenario's fault.
  if (cause === undefined || latest === undefined) throw failureOf(end, limits, `${target} was not sampled to the end`)
  return { result: { ...latest, stopped: INTERRUPTED }, cause }
}

function progressText({ scenario, samples, outcomes, elapsedMs }: SampleResult, variant: string | undefined): string {
  const name = variant === undefined ? scenario : `${scenario} (${variant})`
  const rate = Math.round((1000 * samples) / Math.max(1, elapsedMs)).toLocaleString('en-US')
  return `${name}: ${counted(samples, 'sample')}, ${rate} a second, ${counted(Object.keys(outcomes).length, 'outcome')}`
}

/**
 * Explores the scenario: for all that can happen, if that is to be compared, else for a failure that the samples have. The first
 * one that the explorer finds is often the same; only if it is not, it goes on to others.
 */
async function explorePart(
  part: Part,
  result: SampleResult,
  flags: StressFlags,
  line: Progress,
): Promise<Explorations> {
  if (flags.compare === true) return exploreFor(true, part, flags, line)
  const first = await exploreFor(false, part, flags, line)
  const { explored, unexplored, cause } = first
  const isSame = result.failures.some((failure) => explorersFailure(failure, explored?.exploration) !== undefined)
  const isAll = explored?.exploration.verdict !== 'fail'
  return isSame || isAll || cause !== undefined || unexplored !== undefined
    ? first
    : exploreFor(true, part, flags, line)
}

async function exploreFor(
  allFailures: boolean,
  { target, variant }: Part,
  { timeout = DEFAULT_TIMEOUT, memory = defaultMemory() }: StressFlags,
  line: Progress,
): Promise<Explorations> {
  let explored: Explored | undefined
  const flags = { races: true, ...(allFailures ? { allFailures } : {}), ...(variant === undefined ? {} : { variant }) }
  try {
    const { cause } = await exploreInProcess(
      { target, flags, timeout, workers: 1 },
      {
        memory,
        onProgress: ({ scenario, schedules }) => line.say(`${scenario}: exploring, ${counted(schedules, 'schedule')}`),
        onExplored: (each) => (explored = each),
      },
    )
    return { explored, cause }
  } catch (error) {
    // The samples are worth showing without an exploration.
    if (!(error instanceof RacelabError) || error instanceof InterruptedError) throw error
    return { explored, unexplored: error.message, cause: undefined }
  }
}

type Found = Explored['failures'][number]

/** Returns the first schedule in which the explorer found a failure of the samples. */
function foundFor({ failures }: StressDocument, { explored }: Pick<Done, 'explored'>): Found | undefined {
  const tokens = new Set(failures.map((failure) => explorersFailure(failure, explored?.exploration)?.token))
  return explored?.failures.find(({ failure: { token } }) => tokens.has(token))
}

/** Returns what a page shows of a sampled scenario. */
function shownOf(part: Part, document: StressDocument, done: Done): ShownSample {
  const found = foundFor(document, done)
  const none = found === undefined && document.verdict === 'fail' ? noneFound(done.stressed) : undefined
  return { document, found, none, replay: replayCommandOf({ ...part, variant: part.variant ?? null }) }
}

function reportOf({ target, variant, sound }: Part, document: StressDocument, { stressed, explored }: Done): string {
  const colours = stdoutColours()
  const { columns } = process.stdout
  const chosen = variant === undefined ? '' : ` --variant ${variant}`
  const report = stressReport(document, comparisonOf(stressed), {
    colours,
    columns,
    exploreCommand: `${COMMAND} explore ${target}${chosen}`,
    exploration: explored?.exploration,
  })
  const first = foundFor(document, { explored })
  if (first === undefined) {
    const none = document.verdict === 'fail' ? noneFound(stressed) : undefined
    return none === undefined ? report : `${report}\n\n${wrapped(none, columns)}`
  }
  const command = replayCommandOf({ target, variant: variant ?? null, sound })(first.failure.token)
  const options = { colours, columns, verbose: false }
  return `${report}\n\nThe explorer found a schedule that fails like this:\n\n${failureReport({ ...first, command }, options)}`
}

/** Says that the explorer has no schedule for the failures of the samples, and how far it looked; undefined if it did not look. */
function noneFound({ exploration, unexplored }: Stressed): string | undefined {
  if (unexplored !== undefined) return `The explorer found no schedule that fails like this: ${unexplored}`
  if (exploration === undefined) return undefined
  const { complete, schedules, stopped, error } = exploration
  const tried = counted(schedules, 'schedule')
  if (error !== undefined) return `The explorer found no schedule that fails like this: ${error.message}`
  if (complete)
    return `The explorer found no schedule that fails like this, and tried every one that can matter (${tried}).`
  return `The explorer found no schedule that fails like this in ${tried}${stopped === undefined ? '' : `: ${stopped}`}.`
}
