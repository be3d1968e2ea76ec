/** A lesson of the lab: its story, its variants, its load and its scenario. The lab runs, prints and explores them. */
import type { Model, Operation } from '../../check/index.ts'
import type { DatabaseKind } from '../databases/place.ts'
import type { RecordedCall } from '../../stress/history.ts'
import type { Load, Metrics, Setting } from '../../stress/load.ts'
import type { Progress } from '../../stress/progress.ts'
import type { SessionStep } from '../variants/watched.ts'
import type { Scenario } from '../../scenario.ts'

/** One way of writing the operations of a lesson. */
export interface Variant {
  readonly name: string
  /** Whether the variant is declared to hold. The lab checks the declaration. */
  readonly sound: boolean
  /** What the variant does, in one line. */
  readonly summary: string
}

/** A row of a failing timeline: what each thread does, and what the store holds afterwards. */
export type TimelineRow = readonly [thread1: string, thread2: string, store: string]

/** The text of a lesson. */
export interface Story {
  /** What a user of a server with this bug sees. */
  readonly story: string
  /** The shortest schedule that fails, step by step. */
  readonly timeline: readonly TimelineRow[]
  /**
   * The row of the timeline after which every continuation fails, counted from 0: the step of no return, as the explorer finds it.
   * Absent if every schedule fails, or if the explorer has no scenario of the lesson.
   */
  readonly noReturn?: number
  /** The result of the timeline. */
  readonly outcome: string
  /** The cause of the failure. */
  readonly why: string
  /** The fixes that hold, and why they hold. */
  readonly fixes: string
  /** A fix that looks right and does not hold. */
  readonly trap: string
}

/** The options of a run that some lessons ignore. */
export type RunOption = 'gap' | 'seed' | 'database'

/** What the lab shows of a lesson, whether its agents are threads or HTTP requests. */
export interface Lesson {
  readonly name: string
  readonly title: string
  /** The name of an agent in the heads of tables. Default: Thread. */
  readonly agent?: string
  readonly variants: readonly Variant[]
  /** The options of a run that change this lesson's run. */
  readonly uses: readonly RunOption[]
  readonly lesson: Story
  readonly columns: Columns
}

/** The settings of one run of a lesson's load. */
export interface LessonSetting extends Setting {
  readonly database: DatabaseKind
}

/** A load that also names its database. */
export interface LessonLoad<Memory = unknown, Report = unknown> extends Load<Memory, Report, LessonSetting> {
  /** The database behind the cache, unless the run names another one. */
  readonly database: DatabaseKind
  /** Absent in a load that is not shown while it runs. */
  readonly live?: Live<Memory>
}

/** What a reader sees of a run while it goes on. */
export interface Live<Memory = unknown> {
  /** What is counted, in the plural, such as `lost increments`. */
  readonly what: string
  /**
   * Called before the workers start. Returns a function that returns how many there are at that moment; a little less than there are, or
   * even less than none, while operations are under way. The function may load from the memory, but takes no lock and writes nothing.
   */
  watch(memory: Memory, setting: LessonSetting): (progress: Progress) => number
}

/** How the history of a run is checked: what the recorded numbers mean, and what the object does. */
export interface HistoryOf {
  readonly model: Model<any>
  /** Returns the name of a part of the object, such as the id of a session. */
  part(part: number): string
  /** Returns the operation of a recorded call, with its input and its answer as the model knows them. */
  operation(call: RecordedCall): Pick<Operation, 'f' | 'input' | 'output'>
}

/** A lesson whose agents are threads. */
export interface ThreadLesson extends Lesson {
  readonly load: LessonLoad
  readonly witness: Witness
  /** How the history of a run is checked, or why it is not. */
  readonly history: HistoryOf | string
  /** Returns the smallest instance of the bug, for the explorer: the variant's own functions and as few actors as possible. */
  readonly scenario?: (variant: string) => Scenario
}

/** How the table of results shows this lesson. */
export interface Columns {
  /** The column names of expected, actual and their difference. Left out for a lesson without a single total. */
  readonly total?: readonly [expected: string, actual: string, difference: string]
  /** Further columns, made from the load's metrics. */
  readonly more: readonly { readonly name: string; show(metrics: Metrics): string }[]
  /** Returns the text under the table, made from the variants' metrics. */
  readonly note?: (results: readonly { readonly variant: string; readonly metrics: Metrics }[]) => string
}

/** How the lab records one real failure: a short run of a broken variant on two workers that records every step. */
export interface Witness {
  readonly variant: string
  readonly iterations: number
  /** Returns the steps of one failure, in order, out of all steps of the run; undefined if the run has no failure. */
  find(steps: readonly SessionStep[]): readonly SessionStep[] | undefined
  /** Returns the text to show beside a step's action. */
  detail(step: SessionStep): string
  /** Returns what the store held after each of the steps. */
  store(steps: readonly SessionStep[]): readonly string[]
  /** Returns what went wrong, in one sentence. */
  tell(steps: readonly SessionStep[]): string
}
