/** The lab's lessons, by name. */
import { RacelabError } from '../../errors.ts'
import { didYouMean } from '../../nearest.ts'
import { authBypass } from './auth-bypass.ts'
import type { ThreadLesson, Lesson, Variant } from './lesson.ts'
import { cleanupLeak } from './cleanup-leak.ts'
import { expressSession } from './express-session.ts'
import { lostUpdate } from './lost-update.ts'
import { phantomSession } from './phantom-session.ts'
import { rateLimitBypass } from './rate-limit-bypass.ts'
import { sessionFixation } from './session-fixation.ts'
import { staleOverwrite } from './stale-overwrite.ts'

/** The lessons whose agents are threads. */
export const threadLessons: readonly ThreadLesson[] = [
  lostUpdate,
  staleOverwrite,
  cleanupLeak,
  phantomSession,
  authBypass,
  rateLimitBypass,
  sessionFixation,
]

/** All lessons. */
export const lessons: readonly Lesson[] = [...threadLessons, expressSession]

/** No lesson, or no variant of the lesson, has the given name. */
export class UnknownNameError extends RacelabError {
  readonly code = 'ERR_RACELAB_UNKNOWN_NAME'

  constructor(kind: string, name: string, known: readonly string[]) {
    super(`There is no ${kind} "${name}": ${didYouMean(name, known)}`)
  }
}

/** Returns the lesson on threads with this name. Throws UnknownNameError. */
export function findThreadLesson(name: string): ThreadLesson {
  return find('bug', name, threadLessons)
}

/** Returns the lesson with this name. Throws UnknownNameError. */
export function findLesson(name: string): Lesson {
  return find('bug', name, lessons)
}

/** Returns the variant of the lesson with this name. Throws UnknownNameError. */
export function findVariant(lesson: Lesson, name: string): Variant {
  return find(`variant of ${lesson.name}`, name, lesson.variants)
}

function find<Named extends { readonly name: string }>(kind: string, name: string, known: readonly Named[]): Named {
  const found = known.find((each) => each.name === name)
  if (found) return found
  throw new UnknownNameError(
    kind,
    name,
    known.map((each) => each.name),
  )
}
