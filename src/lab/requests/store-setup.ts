/** The session store of each variant of the express-session lesson. */
import type { Store } from 'express-session'
import type { ExpressVariant } from '../lessons/express-session.ts'
import { SessionManager } from '../../store/manager.ts'
import { allocateSessionStore } from '../../store/allocate.ts'
import type { Packages } from './packages.ts'

/** A session store, and how express-session uses it. */
export interface StoreSetup {
  readonly store: Store
  /** express-session's option: whether a request that changed nothing also writes its session back. */
  readonly resave: boolean
  /** The session manager under the store, if the store is racelab's. */
  readonly sessions?: SessionManager
}

/** Returns a new, empty store for `capacity` sessions. */
export function storeSetupOf(variant: string, { session, ours }: Packages, capacity: number): StoreSetup {
  const shared = (options?: ConstructorParameters<typeof ours.SharedMemoryStore>[1]): StoreSetup => {
    const sessions = new SessionManager(allocateSessionStore({ capacity }))
    return { store: new ours.SharedMemoryStore(sessions, options), resave: true, sessions }
  }
  const setups: Record<ExpressVariant, () => StoreSetup> = {
    'memory-store': () => ({ store: new session.MemoryStore(), resave: false }),
    'memory-store-resave': () => ({ store: new session.MemoryStore(), resave: true }),
    'last-write-wins': () => shared(),
    racelab: () => shared({ resolve: ours.addNumbers }),
  }
  return setups[variant as ExpressVariant]()
}
