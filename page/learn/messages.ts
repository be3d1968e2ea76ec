/** What the page and the worker that explores a lesson say to each other. */
import type { Recording } from '../../src/explore/replay/recording.ts'
import type { Exploration } from '../../src/explore/search/result.ts'

export interface ExploreRequest {
  readonly bug: string
  readonly variant: string
}

/** What the worker answers: first how many schedules it has run so far, and then what came of them. */
export type ExploreReply =
  | { readonly kind: 'progress'; readonly schedules: number }
  | { readonly kind: 'explored'; readonly exploration: Exploration; readonly recording: Recording | undefined }
  | { readonly kind: 'failed'; readonly message: string }
