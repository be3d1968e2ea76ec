/** The session store of each variant of the express-session lesson. */
import type { Store } from 'express-session'
import type { ExpressVariant } from '../lessons/express-session.ts'
import { SessionManager } from '../../store/manager.ts'
import { allocateSessionStore } from '../../store/allocate.ts'
import type { Packages } from './packages.ts'

export interface Backing {
  readonly store: Store
  /** express-session's option: whether a request that changed nothing writes its session back too. */
  readonly resave: boolean
  /** What the store is over, if it is ours. */
  readonly sessions?: SessionManager
}

/** A fresh store for so many sessions. */
export function backingOf(variant: string, { session, ours }: Packages, capacity: number): Backing {
  const shared = (options?: ConstructorParameters<typeof ours.SharedMemoryStore>[1]): Backing => {
    const sessions = new SessionManager(allocateSessionStore({ capacity }))
    return { store: new ours.SharedMemoryStore(sessions, options), resave: true, sessions }
  }
  const backings: Record<ExpressVariant, () => Backing> = {
    'memory-store': () => ({ store: new session.MemoryStore(), resave: false }),
    'memory-store-resave': () => ({ store: new session.MemoryStore(), resave: true }),
    'last-write-wins': () => shared(),
    racelab: () => shared({ resolve: ours.addNumbers }),
  }
  return backings[variant as ExpressVariant]()
}
