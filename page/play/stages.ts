/** The levels in a row: each comes twice, first as it can fail, then with its fix. */
import type { Level } from './level.ts'
import { CHAPTERS } from './levels/index.ts'

/** One scenario that is played. */
export interface Stage {
  /** Names it in the address and in the kept progress. */
  readonly id: string
  readonly title: string
  readonly chapter: string
  readonly story: string
  readonly code: string
  readonly lesson: string
  /** The fewest preemptions with which it fails; undefined if it cannot fail. */
  readonly best: number | undefined
  /** For a fix, the code that it changes. */
  readonly before: string | undefined
}

/** Returns what is played of a level, in turn. */
export function stagesOf(
  { id, title, story, code, best, lesson, fix }: Level,
  chapter: string,
): readonly [Stage, Stage] {
  return [
    { id, title, chapter, story, code, lesson, best, before: undefined },
    { ...fix, id: `${id}-fixed`, title: `${title}: the fix`, chapter, best: undefined, before: code },
  ]
}

/** All stages, in the order in which they are played. */
export const STAGES: readonly Stage[] = CHAPTERS.flatMap(({ title, levels }) =>
  levels.flatMap((level) => stagesOf(level, title)),
)

/** Returns the stage that is played after this one; undefined after the last. */
export function stageAfter({ id }: Stage): Stage | undefined {
  return STAGES[STAGES.findIndex((stage) => stage.id === id) + 1]
}

/** Returns the address of a stage at its start. */
export function addressOf({ id }: Stage): string {
  return `#/play?level=${id}`
}
