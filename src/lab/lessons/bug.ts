/** A bug: one lesson of the lab. Its story, its variants, its load; what the lab runs, prints and explores. */
import type { DatabaseKind } from '../../store/database/place.ts'
import type { Load, Metrics, Setting } from '../../stress/load.ts'
import type { SessionStep } from '../variants/watched.ts'
import type { Scenario } from '../../scenario.ts'

export interface Variant {
  readonly name: string
  /** Whether it is declared to hold. The lab is there to check that. */
  readonly sound: boolean
  /** What it is, in a line. */
  readonly summary: string
}

/** A row of a losing timeline, as the lesson tells it. */
export type TimelineRow = readonly [thread1: string, thread2: string, store: string]

export interface Story {
  /** What happens to somebody who has this bug. */
  readonly story: string
  /** The shortest schedule that loses, step by step. */
  readonly timeline: readonly TimelineRow[]
  readonly outcome: string
  readonly why: string
  /** What holds, and why. */
  readonly fixes: string
  /** The tempting fix that does not. */
  readonly trap: string
}

/** Options of a run that not every lesson has a use for. */
export type RunOption = 'gap' | 'seed' | 'database'

/** What the lab tells and shows of a bug, whatever it is that runs at once. */
export interface Lesson {
  readonly name: string
  readonly title: string
  /** What runs at once, as tables head it. Left out: Thread. */
  readonly agent?: string
  readonly variants: readonly Variant[]
  /** Which options of a run mean something to it. */
  readonly uses: readonly RunOption[]
  readonly lesson: Story
  readonly columns: Columns
}

/** How a lesson's load is run. */
export interface LessonSetting extends Setting {
  readonly database: DatabaseKind
}

export interface LessonLoad<Memory = unknown, Report = unknown> extends Load<Memory, Report, LessonSetting> {
  /** What lies behind the cache, unless the run says another. */
  readonly database: DatabaseKind
}

/** A lesson that runs on threads. */
export interface Bug extends Lesson {
  readonly load: LessonLoad
  readonly witness: Witness
  /** The smallest instance of the bug, for exploring: the variant's own functions, by as few actors as it takes. */
  readonly scenario?: (variant: string) => Scenario
}

/** How the table of results shows this bug. */
export interface Columns {
  /** The names of expected, actual and their difference, for a bug that has one total. */
  readonly total?: readonly [expected: string, actual: string, difference: string]
  /** Columns of the bug's own, from its metrics. */
  readonly more: readonly { readonly name: string; show(metrics: Metrics): string }[]
  /** Words under the table, from the variants' metrics. */
  readonly note?: (results: readonly { readonly variant: string; readonly metrics: Metrics }[]) => string
}

/** How the lab gets hold of one real failure: a short run of a broken variant on two workers, every step recorded. */
export interface Witness {
  readonly variant: string
  readonly iterations: number
  /** The steps of one failure, in order, from those of the whole run; undefined when none failed. */
  find(steps: readonly SessionStep[]): readonly SessionStep[] | undefined
  /** What to show of a step, beside its action. */
  detail(step: SessionStep): string
  /** What the store held after each of the steps. */
  store(steps: readonly SessionStep[]): readonly string[]
  /** What went wrong, in a sentence. */
  tell(steps: readonly SessionStep[]): string
}
