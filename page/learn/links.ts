/** Where else in the page a lesson's bug can be met. */
import type { Lesson } from '../../src/lab/lessons/lesson.ts'
import { threadLessons } from '../../src/lab/lessons/index.ts'

/** The bugs that are levels of a game, by the same name. */
const PLAYED: ReadonlySet<string> = new Set(['lost-update', 'stale-overwrite', 'cleanup-leak', 'phantom-session'])

/** Returns the links; none for a bug that needs a server. */
export function linksTo({ name, variants }: Lesson): { readonly words: string; readonly href: string }[] {
  if (threadLessons.every((lesson) => lesson.name !== name)) return []
  return [
    { words: 'Run it', href: `#/run?bug=${name}` },
    { words: 'Explore it', href: `#/explore?example=${name}/${variants[0]!.name}` },
    ...(PLAYED.has(name) ? [{ words: 'Play it', href: `#/play?level=${name}` }] : []),
  ]
}
