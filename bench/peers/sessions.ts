/** The session that all implementations keep: user id, user name and two metadata keys. */
import type { ReadSession } from './implementation.ts'

/** Each thread of a contest sets its own key, so that the check finds each value that was lost. */
export const KEYS = ['theme', 'language'] as const
export const METADATA = { theme: 'dark', language: 'english' } as const
export const USER_ID = 'user-4711'
export const USERNAME = 'alice'

/** A session as a plain object, for the implementations that keep objects. */
export interface PlainSession {
  id: string
  userId: string
  username: string
  accessCount: number
  version: number
  isAuthenticated: boolean
  lastActivity: number
  metadata: Record<string, string>
}

export function newSession(id: string): PlainSession {
  return {
    id,
    userId: USER_ID,
    username: USERNAME,
    accessCount: 0,
    version: 1,
    isAuthenticated: true,
    lastActivity: Date.now(),
    metadata: { ...METADATA },
  }
}

export function countAccess(session: PlainSession): void {
  session.accessCount += 1
  session.version += 1
  session.lastActivity = Date.now()
}

export function metadataOf({ metadata }: ReadSession, key: string): string | undefined {
  return metadata instanceof Map ? metadata.get(key) : (metadata as Record<string, string>)[key]
}

/** Returns whether the session has this id, and its names and both metadata keys. */
export function isWhole(session: ReadSession | undefined, id: string): boolean {
  if (session === undefined || session.id !== id) return false
  if (session.userId !== USER_ID || session.username !== USERNAME) return false
  return KEYS.every((key) => metadataOf(session, key) !== undefined)
}
