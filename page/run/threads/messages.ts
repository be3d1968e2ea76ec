/** What the page, the conductor of a run and its threads say to each other. */
import type { LessonResult, VariantResult } from '../../../src/lab/run-thread-lesson.ts'
import type { Gap } from '../../../src/stress/gap.ts'
import type { TaskResult } from '../../../src/stress/task.ts'

/** The run that the page asks the conductor for. */
export interface RunRequest {
  readonly bug: string
  readonly variants: readonly string[]
  readonly workers: number
  readonly iterations: number
  readonly gap: Gap
}

/** A look at a run while it goes on. */
export interface Look {
  /** Milliseconds since the workers began. */
  readonly time: number
  readonly operations: number
  /** How many of what the lesson counts there are so far. */
  readonly count: number
}

/** What the conductor tells the page. */
export type Report =
  | { readonly kind: 'doing'; readonly doing: string }
  | { readonly kind: 'started'; readonly variant: string }
  | { readonly kind: 'look'; readonly look: Look }
  | { readonly kind: 'variant'; readonly result: VariantResult }
  | { readonly kind: 'done'; readonly result: LessonResult }
  | { readonly kind: 'failed'; readonly message: string }

/** What a thread tells the conductor: that its modules are loaded, and then what came of each task. */
export type ThreadReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly result: TaskResult }
  | { readonly kind: 'failed'; readonly message: string }
