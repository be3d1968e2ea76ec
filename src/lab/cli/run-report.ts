/** The action of `lab report`. */
import { htmlFile } from '../html/file.ts'
import type { HtmlFile } from '../html/file.ts'
import { colours } from '../../terminal/colours.ts'
import { ExitCode } from '../../terminal/exit-code.ts'
import { print } from '../../terminal/print.ts'
import { progressLine } from '../../terminal/progress.ts'
import type { Progress } from '../../terminal/progress.ts'
import { TimedOutError, untilStopped } from '../../terminal/stop.ts'
import { InterruptedError } from '../../terminal/stop-cause.ts'
import { counted } from '../../terminal/wrapped.ts'
import type { Lesson } from '../lessons/lesson.ts'
import { threadLessons } from '../lessons/index.ts'
import { exploredDocument } from '../report/explored-document.ts'
import type { ExploredDocument } from '../report/explored-document.ts'
import { runLessons, runsOnThreads } from '../run-lessons.ts'
import type { LessonResult } from '../run-thread-lesson.ts'
import { allThatCanRun } from './all-that-can-run.ts'
import { declaredVerdict, exploredShown } from './explored-report.ts'
import { exitCodeOf, exploredExitCode } from './exit-code.ts'
import { exploreInProcess } from './explorer/explore-in-process.ts'
import type { Explored } from './explorer/explore-in-process.ts'
import { defaultMemory } from './explorer/memory-limit.ts'
import type { ReportFlags } from './flags.ts'

interface Ran {
  readonly lesson: Lesson
  readonly result: LessonResult
}

/** The time for the exploration of each variant, in seconds. */
const EXPLORE_FOR = 60
/** Of `--quick`. */
const FEW = 0.1

/** Runs the lab, explores it, and writes the report, also of what was done when it is stopped. */
export async function runReport(flags: ReportFlags): Promise<void> {
  const html = await htmlFile(flags.html)
  const progress = await progressLine(true)
  const end = performance.now() + 1000 * flags.timeout
  const ran: Ran[] = []
  const explored: Explored[] = []
  try {
    await untilStopped(flags.timeout, (signal) => onThreads(flags, progress, signal, ran))
    for (const { name, scenario } of threadLessons)
      if (scenario !== undefined) await everySchedule(name, { end, timeout: flags.timeout }, progress, explored)
  } finally {
    progress.end()
    if (ran.length > 0) {
      write(html, ran, explored)
      print(`${flags.html}: ${counted(ran.length, 'bug')} run, ${counted(explored.length, 'variant')} explored.`)
    }
  }
  process.exitCode = exitCodeFor(ran, explored)
}

function write(html: HtmlFile | undefined, ran: readonly Ran[], explored: readonly Explored[]): void {
  const verdict = declaredVerdict(documentsOf(explored), colours(false))
  const shown = explored.map((each) => exploredShown(each, each.exploration.scenario))
  html?.write('The whole lab', ({ labHtml }, heading) => labHtml(heading, ran, { explored: shown, verdict }))
}

async function onThreads(flags: ReportFlags, progress: Progress, signal: AbortSignal, ran: Ran[]): Promise<void> {
  for (const lesson of await allThatCanRun()) {
    await runLessons([{ lesson, variants: lesson.variants }], {
      workers: flags.workers,
      seed: 1,
      // A server's lesson has no load, and few requests as it is.
      ...(flags.quick && runsOnThreads(lesson) ? { iterations: share(lesson.load.iterations) } : {}),
      signal,
      onProgress: progress.say,
      onResult: (each, result) => void ran.push({ lesson: each, result }),
    })
  }
}

function share(iterations: number): number {
  return Math.max(1, Math.round(iterations * FEW))
}

async function everySchedule(
  target: string,
  { end, timeout }: { readonly end: number; readonly timeout: number },
  progress: Progress,
  explored: Explored[],
): Promise<void> {
  const left = (end - performance.now()) / 1000
  if (left <= 0) throw new TimedOutError(timeout)
  const { cause } = await exploreInProcess(
    { target, flags: { races: true }, timeout: Math.min(EXPLORE_FOR, left), workers: 1 },
    {
      memory: defaultMemory(),
      onProgress: ({ scenario, schedules }) => progress.say(`${scenario}: ${counted(schedules, 'schedule')}`),
      onExplored: (each) => void explored.push(each),
    },
  )
  if (cause !== undefined) throw new InterruptedError(cause, 'The report has what was done before.')
}

function documentsOf(explored: readonly Explored[]): ExploredDocument[] {
  return explored.map(({ exploration, sound }) => exploredDocument(exploration, { sound }))
}

function exitCodeFor(ran: readonly Ran[], explored: readonly Explored[]): ExitCode {
  const codes = [exitCodeOf(ran.map(({ result }) => result)), exploredExitCode(documentsOf(explored))]
  return codes.find((code) => code === ExitCode.FAILED) ?? codes.find((code) => code !== ExitCode.OK) ?? ExitCode.OK
}
