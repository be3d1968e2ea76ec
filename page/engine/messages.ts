/** What the page and the worker that explores say to each other. */
import type { Outlook, Start, Stepped } from '../../src/explore/replay/stepping.ts'
import type { ExploreOptions } from '../../src/explore/search/options.ts'
import type { Exploration } from '../../src/explore/search/result.ts'

/** What may be chosen of an exploration. Everything else keeps its default. */
export type Choices = Pick<ExploreOptions, 'strategy' | 'preemptions' | 'maxSchedules' | 'timeout' | 'allFailures'>

/** From where to look, and how far. */
export type Looking = Start & { readonly mostSchedules?: number }

export type Request =
  /** Makes the code's module, and names its scenarios. It must be the first. */
  | { readonly do: 'load'; readonly code: string }
  | { readonly do: 'explore'; readonly scenario: string; readonly choices: Choices }
  | { readonly do: 'step'; readonly scenario: string; readonly schedule: readonly number[]; readonly start: Start }
  | { readonly do: 'outlook'; readonly scenario: string; readonly schedule: readonly number[]; readonly start: Looking }

/** What comes of each request. */
export interface Answers {
  readonly load: readonly string[]
  readonly explore: Exploration
  readonly step: Stepped
  readonly outlook: Outlook
}

/** Why a request failed: a sentence, and the line of the code that it is about, if that is known. */
export interface Trouble {
  readonly message: string
  readonly line: number | undefined
}

export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly exploration: Exploration }
  | { readonly kind: 'answer'; readonly answer: Answers[keyof Answers] }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
