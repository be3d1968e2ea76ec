/** The session that all contestants have: user id, user name, two metadata keys. */
import type { Seen } from './contestant.ts'

/** Each thread of a contest sets a key of its own, so that one that is lost is missed. */
export const KEYS = ['theme', 'language'] as const
export const METADATA = { theme: 'dark', language: 'english' } as const
export const USER_ID = 'user-4711'
export const USERNAME = 'alice'

/** A session as a plain object, for contestants that keep one. */
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

export function metadataOf({ metadata }: Seen, key: string): string | undefined {
  return metadata instanceof Map ? metadata.get(key) : (metadata as Record<string, string>)[key]
}

/** Whether a session is the one that was asked for, and all there. */
export function isWhole(session: Seen | undefined, id: string): boolean {
  if (session === undefined || session.id !== id) return false
  if (session.userId !== USER_ID || session.username !== USERNAME) return false
  return KEYS.every((key) => metadataOf(session, key) !== undefined)
}
