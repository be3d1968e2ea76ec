/** The lab's lessons, by name. */
import { RacelabError } from '../../errors.ts'
import { authBypass } from './auth-bypass.ts'
import type { Bug, Lesson, Variant } from './bug.ts'
import { cleanupLeak } from './cleanup-leak.ts'
import { expressSession } from './express-session.ts'
import { lostUpdate } from './lost-update.ts'
import { phantomSession } from './phantom-session.ts'
import { rateLimitBypass } from './rate-limit-bypass.ts'
import { sessionFixation } from './session-fixation.ts'
import { staleOverwrite } from './stale-overwrite.ts'

/** Those that run on threads. */
export const bugs: readonly Bug[] = [
  lostUpdate,
  staleOverwrite,
  cleanupLeak,
  phantomSession,
  authBypass,
  rateLimitBypass,
  sessionFixation,
]

/** All. */
export const lessons: readonly Lesson[] = [...bugs, expressSession]

/** No lesson, or none of its variants, has this name. */
export class UnknownNameError extends RacelabError {
  readonly code = 'ERR_RACELAB_UNKNOWN_NAME'

  constructor(kind: string, name: string, known: readonly string[]) {
    super(`There is no ${kind} "${name}". Known: ${known.join(', ')}.`)
  }
}

/** Throws UnknownNameError. */
export function findBug(name: string): Bug {
  return find('bug', name, bugs)
}

/** Throws UnknownNameError. */
export function findLesson(name: string): Lesson {
  return find('bug', name, lessons)
}

/** Throws UnknownNameError. */
export function findVariant(bug: Lesson, name: string): Variant {
  return find(`variant of ${bug.name}`, name, bug.variants)
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
