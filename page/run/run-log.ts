/** What is known of a run: made of the conductor's reports, one after the other. */
import type { LessonResult, VariantResult } from '../../src/lab/run-thread-lesson.ts'
import type { Look, Report } from './threads/messages.ts'

/** The looks at one variant's run. */
export interface Trace {
  readonly looks: readonly Look[]
  /** Absent while the variant runs. */
  readonly result?: VariantResult
}

export interface RunLog {
  readonly phase: 'idle' | 'running' | 'stopped' | 'done' | 'failed'
  /** What is done at the moment, or why it failed. */
  readonly words: string
  /** The variants that were begun, by name. */
  readonly traces: ReadonlyMap<string, Trace>
  readonly result?: LessonResult
}

export const NOT_RUN: RunLog = { phase: 'idle', words: '', traces: new Map() }
export const BEGUN: RunLog = { phase: 'running', words: 'starting', traces: new Map() }

/** As many looks as a plot can show. */
const MOST_LOOKS = 500

/** Returns the log after a report. */
export function heard(log: RunLog, report: Report): RunLog {
  if (report.kind === 'doing') return { ...log, words: report.doing }
  if (report.kind === 'started') return { ...log, traces: new Map([...log.traces, [report.variant, { looks: [] }]]) }
  if (report.kind === 'look') return withLast(log, ({ looks }) => ({ looks: thinned([...looks, report.look]) }))
  if (report.kind === 'variant') return withLast(log, ({ looks }) => ({ looks, result: report.result }))
  if (report.kind === 'done') return { ...log, phase: 'done', words: '', result: report.result }
  return { ...log, phase: 'failed', words: report.message }
}

/** Returns the log with the trace of the variant under way changed. */
function withLast(log: RunLog, change: (trace: Trace) => Trace): RunLog {
  const last = [...log.traces].at(-1)
  if (last === undefined) return log
  return { ...log, traces: new Map([...log.traces, [last[0], change(last[1])]]) }
}

/** Keeps every second look once there are too many; the last one always. */
function thinned(looks: readonly Look[]): readonly Look[] {
  if (looks.length <= MOST_LOOKS) return looks
  return looks.filter((_, index) => (looks.length - 1 - index) % 2 === 0)
}
