/** The action of `lab report`. */
import { htmlFile } from '../html/file.ts'
import { ExitCode } from '../../terminal/exit-code.ts'
import { print } from '../../terminal/print.ts'
import { progressLine } from '../../terminal/progress.ts'
import type { Progress } from '../../terminal/progress.ts'
import { untilStopped } from '../../terminal/stop.ts'
import { InterruptedError } from '../../terminal/stop-cause.ts'
import { counted } from '../../terminal/wrapped.ts'
import type { Lesson } from '../lessons/lesson.ts'
import { threadLessons } from '../lessons/index.ts'
import { exploredDocument } from '../report/explored-document.ts'
import { runLessons } from '../run-lessons.ts'
import type { LessonResult } from '../run-thread-lesson.ts'
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
  const ran: Ran[] = []
  const explored: Explored[] = []
  try {
    await untilStopped(flags.timeout, (signal) => onThreads(flags, progress, signal, ran))
    for (const { name, scenario } of threadLessons)
      if (scenario !== undefined) await everySchedule(name, progress, explored)
  } finally {
    progress.end()
    if (ran.length > 0) {
      html?.write('racelab: the whole lab', ({ labHtml }, heading) => labHtml(heading, ran, explored))
      const [bugs, scenarios] = [counted(ran.length, 'bug'), counted(explored.length, 'variant')]
      print(`${flags.html}: ${bugs} on threads, ${scenarios} in every schedule.`)
    }
  }
  process.exitCode = exitCodeFor(ran, explored)
}

async function onThreads(flags: ReportFlags, progress: Progress, signal: AbortSignal, ran: Ran[]): Promise<void> {
  for (const lesson of threadLessons) {
    await runLessons([{ lesson, variants: lesson.variants }], {
      workers: flags.workers,
      seed: 1,
      ...(flags.quick ? { iterations: Math.max(1, Math.round(lesson.load.iterations * FEW)) } : {}),
      signal,
      onProgress: progress.say,
      onResult: (each, result) => void ran.push({ lesson: each, result }),
    })
  }
}

async function everySchedule(target: string, progress: Progress, explored: Explored[]): Promise<void> {
  const flags = { races: true }
  const { cause } = await exploreInProcess(
    { target, flags, timeout: EXPLORE_FOR, workers: 1 },
    {
      memory: defaultMemory(),
      onProgress: ({ scenario, schedules }) => progress.say(`${scenario}: ${counted(schedules, 'schedule')}`),
      onExplored: (each) => void explored.push(each),
    },
  )
  if (cause !== undefined) throw new InterruptedError(cause, 'The report has what was done before.')
}

function exitCodeFor(ran: readonly Ran[], explored: readonly Explored[]): ExitCode {
  const documents = explored.map(({ exploration, sound }) => exploredDocument(exploration, { sound }))
  const codes = [exitCodeOf(ran.map(({ result }) => result)), exploredExitCode(documents)]
  return codes.find((code) => code === ExitCode.FAILED) ?? codes.find((code) => code !== ExitCode.OK) ?? ExitCode.OK
}
