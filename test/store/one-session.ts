/**
 * The sequential model of one session: the result of each operation on its id, and the state that the operation leaves.
 *
 *   FREE      → live                 a creation
 *   FREE      → RESERVED → live      a creation with a row: the id is taken before the row is stored, the session is visible after
 *   live      → DELETED              a deletion; the id stays taken
 *   DELETED   → FREE                 a clean-up
 */
import type { Lifetime } from '../../src/store/operations/change-metadata.ts'
import type { Outcome, Specification } from './linearizable.ts'
import { EXISTS, NOT_FOUND, TOO_LONG } from './stores.ts'

export type Entries = readonly (readonly [key: string, value: string])[]

/** A live session, as plain data. */
export interface Live {
  /** Id, user id and user name. Each creation uses names of its own, which tell the session from earlier ones with the id. */
  readonly names: readonly string[]
  readonly accessCount: number
  readonly version: number
  /** How long the session lives from the last time that this was set; Infinity if it never expires. */
  readonly hours: number
  readonly metadata: Entries
}

export type State = Live | 'FREE' | 'RESERVED' | 'DELETED'

/** The change of a `changeMetadata` call, as plain data. */
export interface Change {
  /** If the session has this key, the change leaves it as it is. */
  readonly unless: string
  readonly drop: readonly string[]
  readonly put: Entries
  readonly hours?: number
}

interface Creation {
  readonly names: readonly string[]
  readonly metadata: Entries
}

interface Update {
  readonly key: string
  readonly value: string
}

type Write =
  | ({ readonly do: 'update' } & Update)
  | { readonly do: 'increment' }
  | { readonly do: 'touch'; readonly hours: number }
  | { readonly do: 'change'; readonly change: Change }

export type Step =
  | Write
  | ({ readonly do: 'create' | 'appear' } & Creation)
  /** An update whose result is not known. */
  | ({ readonly do: 'update, unheard' } & Update)
  | { readonly do: 'get key'; readonly key: string }
  | { readonly do: 'reserve' | 'get' | 'list' | 'delete' | 'clean' | 'clean, perhaps' }

export const HOUR = 3_600_000

/** Returns the model of a session in a store with `metadataBytes` bytes for metadata. */
export function oneSession(metadataBytes: number): Specification<State, Step> {
  return {
    initial: 'FREE',
    outcomes(state, step) {
      const live = typeof state === 'string' ? undefined : state
      switch (step.do) {
        case 'create':
          if (bytesOf(step.metadata) > metadataBytes) return [{ result: TOO_LONG, state }]
          return [state === 'FREE' ? created(step) : { result: EXISTS, state }]
        case 'reserve':
          return state === 'FREE' ? [{ result: undefined, state: 'RESERVED' }] : []
        case 'appear':
          return state === 'RESERVED' ? [created(step)] : []
        case 'get':
          return [{ result: live, state }]
        case 'get key':
          return [{ result: new Map(live?.metadata).get(step.key), state }]
        case 'list':
          return [{ result: live !== undefined, state }]
        case 'delete':
          return [{ result: live !== undefined, state: live ? 'DELETED' : state }]
        case 'clean':
          return state === 'DELETED' ? [{ result: undefined, state: 'FREE' }] : []
        case 'clean, perhaps':
          return [{ result: undefined, state }, ...(state === 'DELETED' ? [{ result: undefined, state: FREE }] : [])]
        case 'update, unheard':
          return [
            { ...(live ? written(live, { ...step, do: 'update' }, metadataBytes) : { state }), result: undefined },
          ]
        default:
          return [live ? written(live, step, metadataBytes) : { result: NOT_FOUND, state }]
      }
    },
  }
}

const FREE: State = 'FREE'

function created({ names, metadata }: Creation): Outcome<State> {
  return { result: names[0], state: { names, accessCount: 0, version: 1, hours: Infinity, metadata } }
}

function written(live: Live, step: Write, metadataBytes: number): Outcome<State> {
  const counted = { ...live, accessCount: live.accessCount + 1, version: live.version + 1 }
  switch (step.do) {
    case 'update': {
      const metadata = [...new Map(live.metadata).set(step.key, step.value)]
      if (bytesOf(metadata) > metadataBytes) return { result: TOO_LONG, state: live }
      return { result: undefined, state: { ...counted, metadata } }
    }
    case 'increment':
      return { result: counted.accessCount, state: counted }
    case 'touch':
      return { result: undefined, state: { ...live, hours: step.hours } }
    default: {
      const seen = live.metadata
      const changed = new Map(seen)
      if (make(step.change, changed) === false) return { result: { seen, got: false }, state: live }
      if (bytesOf([...changed]) > metadataBytes) return { result: { seen, got: TOO_LONG }, state: live }
      const { hours = live.hours } = step.change
      return {
        result: { seen, got: true },
        state: { ...live, version: live.version + 1, hours, metadata: [...changed] },
      }
    }
  }
}

/** Makes a change, as the callback of `changeMetadata` does. */
export function make({ unless, drop, put, hours }: Change, metadata: Map<string, string>): Lifetime | false | void {
  if (metadata.has(unless)) return false
  for (const key of drop) metadata.delete(key)
  for (const [key, value] of put) metadata.set(key, value)
  if (hours !== undefined) return { timeToLive: hours * HOUR }
}

/** Returns how many bytes the metadata take, as documented at MAX_TEXT_BYTES. */
function bytesOf(metadata: Entries): number {
  return metadata.flat().reduce((sum, text) => sum + bytesTaken(text), 0)
}

function bytesTaken(text: string): number {
  const isLatin = !/[\u0100-\uffff]/.test(text)
  return 4 + 4 * Math.ceil((isLatin ? text.length : 2 * text.length) / 4)
}
